//! span: [4, 4, 1]
//! names: mask
//! shapes: [4, 4, 1] [16]
//! expected and found: yes
//! fix: declared size

use netform::network;

network! {
    pub struct Net(x: [16]) -> (class: [10], mask: [4, 4, 1]) {
        let shared = x -> Dense(32) -> Relu;
        (shared -> Dense(10), shared -> Dense(16))
    }
}

fn main() {}
