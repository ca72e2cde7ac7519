//! span: +
//! names: +
//! shapes: [8] [9]
//! expected and found: yes
//! fix: Dense

use netform::network;

const LEFT: usize = 8;
const RIGHT: usize = 9;

network! {
    pub struct Net(x: [4]) -> [10] {
        let a = x -> Dense(LEFT);
        let b = x -> Dense(RIGHT);
        (a + b) -> Dense(10)
    }
}

fn main() {}
