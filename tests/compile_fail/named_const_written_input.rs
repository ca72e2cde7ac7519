//! span: Dense
//! names: Dense
//! shapes: 12 7
//! expected and found: yes
//! fix: -

use netform::network;

const N: usize = 12;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(N) -> Dense(7 -> 10)
    }
}

fn main() {}
