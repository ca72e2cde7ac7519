//! span: +
//! names: +
//! shapes: [4] [12]
//! expected and found: yes
//! fix: bring one side

use netform::network;

const N: usize = 12;

network! {
    pub struct Net(x: [4]) -> [10] {
        x + (x -> Dense(N)) -> Dense(10)
    }
}

fn main() {}
