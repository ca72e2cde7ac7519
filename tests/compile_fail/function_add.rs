//! span: add
//! names: add
//! shapes: -
//! expected and found: -
//! fix: x + y

use netform::network;

network! {
    pub struct Net(x: [4], y: [4]) -> [3] {
        add(x, y) -> Dense(3)
    }
}

fn main() {}
