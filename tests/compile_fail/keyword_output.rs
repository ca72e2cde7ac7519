//! span: type
//! names: type
//! shapes: -
//! expected and found: -
//! fix: a name and a shape

use netform::network;

network! {
    pub struct Net(x: [16]) -> (type: [10], bounds: [4]) {
        (x -> Dense(10), x -> Dense(4))
    }
}

fn main() {}
