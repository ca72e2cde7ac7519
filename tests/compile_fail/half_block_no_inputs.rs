//! span: Feed
//! names: Feed
//! shapes: -
//! expected and found: -
//! fix: block Feed(x:

use netform::network;

network! {
    block Feed { x -> Dense(10) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed -> Dense(10)
    }
}

fn main() {}
