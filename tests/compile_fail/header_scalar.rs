//! span: T
//! names: -
//! shapes: -
//! expected and found: -
//! fix: const H: usize

use netform::network;

network! {
    pub struct Net<T>(x: [16]) -> [10] {
        x -> Dense(10)
    }
}

fn main() {}
