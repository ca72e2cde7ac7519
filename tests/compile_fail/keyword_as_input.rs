//! span: type
//! names: type
//! shapes: -
//! expected and found: -
//! fix: -

use netform::network;

network! {
    pub struct Net(type: [4]) -> [3] {
        type -> Dense(3)
    }
}

fn main() {}
