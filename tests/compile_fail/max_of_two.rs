//! span: 0
//! names: max
//! shapes: -
//! expected and found: yes
//! fix: x -> Relu

use netform::network;

network! {
    pub struct Net(x: [4]) -> [2] {
        max(x, 0) -> Dense(2)
    }
}

fn main() {}
