//! span: T
//! names: T
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct T(x: [4]) -> [2] {
        x -> Dense(2)
    }
}

fn main() {}
