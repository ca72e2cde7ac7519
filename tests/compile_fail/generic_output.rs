//! span: [10]
//! names: output
//! shapes: [10] [32]
//! expected and found: yes
//! fix: declared size

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [16]) -> [10] {
        x -> Dense(H)
    }

    instances [32]
}

fn main() {}
