//! span: 2 * H
//! names: H
//! shapes: -
//! expected and found: -
//! fix: const N: usize

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [4]) -> [10] {
        x -> Dense(2 * H) -> Dense(10)
    }
}

fn main() {}
