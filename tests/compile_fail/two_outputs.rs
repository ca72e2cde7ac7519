//! span: (x: [4], y: [2])
//! names: -
//! shapes: -
//! expected and found: -
//! fix: two networks

use netform::network;

network! {
    pub struct Net(a: [4]) -> (x: [4], y: [2]) { a -> Dense(10) }
}

fn main() {}
