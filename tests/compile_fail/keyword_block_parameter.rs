//! span: in
//! names: `in`
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    block Feed(in: usize)(x: [width]) { x -> Dense(in) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed(4) -> Dense(10)
    }
}

fn main() {}
