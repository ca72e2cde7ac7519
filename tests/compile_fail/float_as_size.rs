//! span: 2.5
//! names: Dense
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(2.5) -> Dense(10)
    }
}

fn main() {}
