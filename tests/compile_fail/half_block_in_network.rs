//! span: block
//! names: block
//! shapes: -
//! expected and found: -
//! fix: move it behind

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        block Feed(x: [width]) { x -> Dense(width) }
        x -> Feed -> Dense(10)
    }
}

fn main() {}
