//! span: 99999999999999999999
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(99999999999999999999) -> Dense(10)
    }
}

fn main() {}
