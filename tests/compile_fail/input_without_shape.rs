//! span: x
//! names: x
//! shapes: -
//! expected and found: -
//! fix: [28, 28, 1]

use netform::network;

network! {
    pub struct Net(x) -> [10] { x -> Dense(10) }
}

fn main() {}
