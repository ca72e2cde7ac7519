//! span: 2
//! names: Mean
//! shapes: -
//! expected and found: yes
//! fix: axes count from 0

use netform::network;

network! {
    pub struct Net(sequence: [8, 16]) -> [10] {
        mean(sequence -> Dense(32), axes = 2) -> Dense(10)
    }
}

fn main() {}
