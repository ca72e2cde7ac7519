//! span: 2.0
//! names: BatchNorm
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> BatchNorm(momentum = 2.0) -> Dense(10)
    }
}

fn main() {}
