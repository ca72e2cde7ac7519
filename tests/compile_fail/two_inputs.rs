//! span: b
//! names: b
//! shapes: -
//! expected and found: -
//! fix: start a chain with it

use netform::network;

network! {
    pub struct Net(a: [4], b: [4]) -> [10] { a -> Dense(10) }
}

fn main() {}
