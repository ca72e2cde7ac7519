//! span: 10
//! names: -
//! shapes: -
//! expected and found: -
//! fix: Dense(10)

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> 10
    }
}

fn main() {}
