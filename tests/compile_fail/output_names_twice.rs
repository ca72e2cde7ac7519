//! span: class
//! names: class
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net(x: [16]) -> (class: [10], class: [4]) {
        let shared = x -> Dense(32) -> Relu;
        (shared -> Dense(10), shared -> Dense(4))
    }
}

fn main() {}
