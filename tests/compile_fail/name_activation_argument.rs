//! span: activation
//! names: activation
//! shapes: -
//! expected and found: -
//! fix: -> Relu

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Dense(8, activation = relu) -> Dense(10)
    }
}

fn main() {}
