//! span: Net
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: x -> Dense(10)

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {}
}

fn main() {}
