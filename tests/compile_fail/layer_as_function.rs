//! span: dense
//! names: dense
//! shapes: -
//! expected and found: -
//! fix: x -> Dense(..)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        dense(x, 10)
    }
}

fn main() {}
