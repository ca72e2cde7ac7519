//! span: -
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -1 * x

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        -x -> Dense(10)
    }
}

fn main() {}
