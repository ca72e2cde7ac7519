//! span: Net
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: -> [10]

use netform::network;

network! {
    pub struct Net(x: [4]) { x -> Dense(10) }
}

fn main() {}
