//! span: -
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Dense(32 -> Relu -> Dense(10)
    }
}

fn main() {}
