//! span: -0.1
//! names: LeakyRelu
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(8) -> LeakyRelu(-0.1) -> Dense(10)
    }
}

fn main() {}
