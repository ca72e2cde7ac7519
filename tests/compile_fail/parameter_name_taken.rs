//! span: H
//! names: H
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net<const H: usize>(H: [4]) -> [10] {
        H -> Dense(10)
    }
}

fn main() {}
