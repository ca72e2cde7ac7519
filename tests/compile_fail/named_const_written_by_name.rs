//! span: Dense
//! names: Dense
//! shapes: 4 12
//! expected and found: yes
//! fix: -

use netform::network;

const N: usize = 12;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(N -> 10)
    }
}

fn main() {}
