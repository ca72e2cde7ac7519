//! span: H
//! names: `H`
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net<const H: usize, const H: usize>(x: [16]) -> [10] {
        x -> Dense(H) -> Dense(10)
    }
}

fn main() {}
