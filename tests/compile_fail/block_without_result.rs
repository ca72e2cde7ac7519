//! span: y
//! names: Feed
//! shapes: -
//! expected and found: -
//! fix: end with `y`

use netform::network;

network! {
    block Feed(x: [width]) { let y = x -> Dense(width); }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed -> Dense(10)
    }
}

fn main() {}
