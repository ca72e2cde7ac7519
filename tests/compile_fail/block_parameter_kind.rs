//! span: u32
//! names: hidden
//! shapes: -
//! expected and found: -
//! fix: hidden: usize

use netform::network;

network! {
    block Feed(hidden: u32)(x: [width]) { x -> Dense(hidden) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed(4) -> Dense(10)
    }
}

fn main() {}
