//! span: -
//! names: -
//! shapes: -
//! expected and found: -
//! fix: fc: Dense(10)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Dense(32) -> Relu ->
    }
}

fn main() {}
