//! span: Concatenate
//! names: Concatenate
//! shapes: -
//! expected and found: -
//! fix: concat(x, y)

use netform::network;

network! {
    pub struct Net(x: [4], y: [4]) -> [3] {
        x -> Concatenate(y) -> Dense(3)
    }
}

fn main() {}
