//! span: -0.5
//! names: LayerNorm
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> LayerNorm(epsilon = -0.5) -> Dense(10)
    }
}

fn main() {}
