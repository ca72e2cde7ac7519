//! span: fc
//! names: fc
//! shapes: 6 8
//! expected and found: yes
//! fix: second layer

use netform::network;

const INPUT: usize = 6;

network! {
    pub struct Net(x: [INPUT]) -> [8] {
        x -> fc: Dense(8) -> fc
    }
}

fn main() {}
