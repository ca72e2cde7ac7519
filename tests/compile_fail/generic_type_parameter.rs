//! span: H
//! names: -
//! shapes: -
//! expected and found: -
//! fix: const H: usize

use netform::network;

network! {
    pub struct Net<H>(x: [4]) -> [10] {
        x -> Dense(10)
    }
}

fn main() {}
