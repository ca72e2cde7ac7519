//! span: instances
//! names: instances
//! shapes: -
//! expected and found: -
//! fix: instances [16, 32]

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [16]) -> [10] {
        x -> Dense(H) -> Relu -> Dense(10)
    }

    instances []
}

fn main() {}
