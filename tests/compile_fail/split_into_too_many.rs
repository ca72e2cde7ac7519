//! span: a
//! names: -
//! shapes: -
//! expected and found: yes
//! fix: let (a, b, c, d)

use netform::network;

network! {
    pub struct Net(x: [8]) -> [2] {
        let (a, b) = split(x -> Dense(8), 4);
        a + b
    }
}

fn main() {}
