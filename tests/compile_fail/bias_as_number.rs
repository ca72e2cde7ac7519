//! span: 1
//! names: Dense
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(10, bias = 1)
    }
}

fn main() {}
