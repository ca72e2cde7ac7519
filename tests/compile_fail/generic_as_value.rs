//! span: H
//! names: `H`
//! shapes: -
//! expected and found: yes
//! fix: Dense(H)

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [16]) -> [10] {
        x * H -> Dense(10)
    }
}

fn main() {}
