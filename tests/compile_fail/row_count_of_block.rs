//! span: depth
//! names: row
//! shapes: -
//! expected and found: yes
//! fix: a number from 1

use netform::network;

network! {
    block Stack(depth: usize)(x: [width]) { x -> [Dense(width); depth] }

    pub struct Net(x: [16]) -> [10] {
        x -> Stack(0) -> Dense(10)
    }
}

fn main() {}
