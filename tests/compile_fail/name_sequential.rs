//! span: Sequential
//! names: Sequential
//! shapes: -
//! expected and found: -
//! fix: x -> Dense(8) -> Relu

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> Sequential(Dense(8), Relu, Dense(3))
    }
}

fn main() {}
