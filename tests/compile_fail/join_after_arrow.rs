//! span: +
//! names: -
//! shapes: -
//! expected and found: -
//! fix: (a -> Layer) + b

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(4) + x -> Dense(10)
    }
}

fn main() {}
