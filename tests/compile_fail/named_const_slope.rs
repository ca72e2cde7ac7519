//! span: LeakyRelu
//! names: LeakyRelu
//! shapes: -2
//! expected and found: yes
//! fix: -

use netform::network;

const SLOPE: f64 = -2.0;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(8) -> LeakyRelu(SLOPE) -> Dense(10)
    }
}

fn main() {}
