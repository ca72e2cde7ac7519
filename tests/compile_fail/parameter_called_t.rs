//! span: T
//! names: T
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net<const T: usize>(x: [T]) -> [2] {
        x -> Dense(2)
    }
}

fn main() {}
