//! span: -
//! names: Feed
//! shapes: -
//! expected and found: -
//! fix: what its body ends with

use netform::network;

network! {
    block Feed(x: [width]) -> [width] { x -> Dense(width) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed -> Dense(10)
    }
}

fn main() {}
