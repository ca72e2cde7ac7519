//! span: hidden
//! names: hidden
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    block Feed(hidden: usize, hidden: usize)(x: [width]) { x -> Dense(hidden) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed(1, 2) -> Dense(10)
    }
}

fn main() {}
