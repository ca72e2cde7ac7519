//! span: Feed
//! names: Feed
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    block Feed(x: [width]) { x -> Dense(width) }
    block Feed(x: [width]) { x -> Dense(2) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed -> Dense(10)
    }
}

fn main() {}
