//! span: multiply
//! names: multiply
//! shapes: -
//! expected and found: -
//! fix: x * y

use netform::network;

network! {
    pub struct Net(x: [4], y: [4]) -> [3] {
        multiply(x -> Dense(3), y -> Dense(3))
    }
}

fn main() {}
