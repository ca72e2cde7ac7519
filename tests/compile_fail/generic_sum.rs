//! span: +
//! names: `+`
//! shapes: [16] [32]
//! expected and found: yes
//! fix: of that size

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [16]) -> [10] {
        (x + (x -> Dense(H))) -> Dense(10)
    }

    instances [32]
}

fn main() {}
