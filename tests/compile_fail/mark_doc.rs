//! span: /// The first layer.
//! names: doc comments
//! shapes: -
//! expected and found: -
//! fix: // ..

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> /// The first layer.
             Dense(8) -> Dense(10)
    }
}

fn main() {}
