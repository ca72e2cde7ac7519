//! span: Relu
//! names: Relu
//! shapes: -
//! expected and found: -
//! fix: x -> Relu

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x + Relu -> Dense(10)
    }
}

fn main() {}
