//! span: [4]
//! names: -
//! shapes: -
//! expected and found: -
//! fix: name:

use netform::network;

network! {
    pub struct Net(x: [16]) -> (class: [10], [4]) {
        let shared = x -> Dense(32) -> Relu;
        (shared -> Dense(10), shared -> Dense(4))
    }
}

fn main() {}
