//! span: -4
//! names: hidden
//! shapes: -
//! expected and found: yes
//! fix: a size such as `32`

use netform::network;

network! {
    block Feed(hidden: usize)(x: [width]) { x -> Dense(hidden) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed(-4) -> Dense(10)
    }
}

fn main() {}
