//! span: Flatten
//! names: Flatten
//! shapes: 12 7
//! expected and found: yes
//! fix: -

use netform::network;

const N: usize = 12;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(N) -> Flatten(7) -> Dense(10)
    }
}

fn main() {}
