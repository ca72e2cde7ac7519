//! span: 0
//! names: fc: Dense
//! shapes: -
//! expected and found: yes
//! fix: 1 or more

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> fc: Dense(0) -> Dense(10)
    }
}

fn main() {}
