//! span: 1.5
//! names: Dropout
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dropout(1.5) -> Dense(10)
    }
}

fn main() {}
