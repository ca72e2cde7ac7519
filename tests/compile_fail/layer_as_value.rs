//! span: Dense
//! names: Dense
//! shapes: -
//! expected and found: -
//! fix: x -> Dense

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        Dense(8) -> Dense(10)
    }
}

fn main() {}
