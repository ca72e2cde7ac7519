//! span: input
//! names: input
//! shapes: -
//! expected and found: -
//! fix: sees only its own inputs

use netform::network;

network! {
    block Skip(x: [width]) { x + input }

    pub struct Net(input: [16]) -> [10] {
        input -> Dense(16) -> Skip -> Dense(10)
    }
}

fn main() {}
