//! span: second
//! names: fc
//! shapes: -
//! expected and found: yes
//! fix: let second = x -> fc

use netform::network;

network! {
    pub struct Net(left: [16], right: [16]) -> [1] {
        let a = left -> fc: Dense(8);
        let b = right -> second: fc;
        a * b -> Dense(1)
    }
}

fn main() {}
