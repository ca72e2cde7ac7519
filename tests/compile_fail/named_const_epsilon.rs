//! span: BatchNorm
//! names: BatchNorm
//! shapes: 0
//! expected and found: yes
//! fix: -

use netform::network;

const EPSILON: f64 = 0.0;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> BatchNorm(epsilon = EPSILON) -> Dense(10)
    }
}

fn main() {}
