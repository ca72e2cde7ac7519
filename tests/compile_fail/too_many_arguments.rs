//! span: 3
//! names: Relu
//! shapes: -
//! expected and found: -
//! fix: remove this one

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Relu(3) -> Dense(10)
    }
}

fn main() {}
