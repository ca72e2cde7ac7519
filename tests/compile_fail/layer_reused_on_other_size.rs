//! span: fc
//! names: fc
//! shapes: 4 8
//! expected and found: yes
//! fix: second layer

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let y = x -> fc: Dense(8);
        y -> fc -> Dense(10)
    }
}

fn main() {}
