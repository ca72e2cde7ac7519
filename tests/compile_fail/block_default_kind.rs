//! span: 0.5
//! names: hidden
//! shapes: -
//! expected and found: -
//! fix: hidden: usize = 4

use netform::network;

network! {
    block Feed(hidden: usize = 0.5)(x: [width]) { x -> Dense(hidden) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed -> Dense(10)
    }
}

fn main() {}
