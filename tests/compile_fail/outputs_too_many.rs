//! span: [10]
//! names: Net
//! shapes: -
//! expected and found: yes
//! fix: with names

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let shared = x -> Dense(32) -> Relu;
        (shared -> class: Dense(10), shared -> bounds: Dense(4))
    }
}

fn main() {}
