//! span: fc
//! names: fc
//! shapes: -
//! expected and found: -
//! fix: -> fc: Dense(..)

use netform::network;

network! {
    block Share(x: [width]) { x -> fc }

    pub struct Net(input: [16]) -> [10] {
        input -> fc: Dense(16) -> Share -> Dense(10)
    }
}

fn main() {}
