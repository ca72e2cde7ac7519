//! span: units
//! names: Dense
//! shapes: -
//! expected and found: -
//! fix: remove one

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(10, units = 10)
    }
}

fn main() {}
