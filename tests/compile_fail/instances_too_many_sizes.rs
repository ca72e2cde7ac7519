//! span: instances
//! names: Net
//! shapes: -
//! expected and found: yes
//! fix: instances [(16, 4)]

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [16]) -> [10] {
        x -> Dense(H) -> Relu -> Dense(10)
    }

    instances [(16, 32)]
}

fn main() {}
