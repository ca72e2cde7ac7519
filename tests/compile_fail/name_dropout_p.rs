//! span: p
//! names: Dropout
//! shapes: -
//! expected and found: -
//! fix: did you mean `rate`

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> Dropout(p = 0.5) -> Dense(3)
    }
}

fn main() {}
