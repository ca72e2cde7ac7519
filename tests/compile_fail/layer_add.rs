//! span: Add
//! names: Add
//! shapes: -
//! expected and found: -
//! fix: x + y

use netform::network;

network! {
    pub struct Net(x: [4], y: [4]) -> [3] {
        (x, y) -> Add -> Dense(3)
    }
}

fn main() {}
