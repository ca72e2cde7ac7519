//! span: 16
//! names: LayerNorm epsilon
//! shapes: -
//! expected and found: yes
//! fix: LayerNorm

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> LayerNorm(16) -> Dense(10)
    }
}

fn main() {}
