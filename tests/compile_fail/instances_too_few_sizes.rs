//! span: instances
//! names: Net
//! shapes: -
//! expected and found: yes
//! fix: instances [(16, 4)]

use netform::network;

network! {
    pub struct Net<const H: usize, const D: usize>(x: [16]) -> [10] {
        x -> Dense(H) -> Relu -> Dense(D) -> Dense(10)
    }

    instances [16, 32]
}

fn main() {}
