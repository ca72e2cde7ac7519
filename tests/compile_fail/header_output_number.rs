//! span: 10
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: in brackets

use netform::network;

network! {
    pub struct Net(x: [16]) -> 10 { x -> Dense(10) }
}

fn main() {}
