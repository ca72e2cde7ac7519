//! span: [10]
//! names: class
//! shapes: [10] [4]
//! expected and found: yes
//! fix: (class, bounds)

use netform::network;

network! {
    pub struct Net(x: [16]) -> (class: [10], bounds: [4]) {
        let shared = x -> Dense(32) -> Relu;
        (shared -> bounds: Dense(4), shared -> class: Dense(10))
    }
}

fn main() {}
