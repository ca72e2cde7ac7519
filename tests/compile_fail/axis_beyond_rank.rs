//! span: 2
//! names: Slice
//! shapes: -
//! expected and found: yes
//! fix: without the batch

use netform::network;

network! {
    pub struct Net(x: [4, 6]) -> [2, 10] {
        x -> Slice(..3, axis = 2) -> Dense(10)
    }
}

fn main() {}
