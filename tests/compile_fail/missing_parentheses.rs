//! span: Dense
//! names: Dense
//! shapes: -
//! expected and found: -
//! fix: units = ..

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense
    }
}

fn main() {}
