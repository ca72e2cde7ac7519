//! span: o
//! names: -
//! shapes: -
//! expected and found: yes
//! fix: last = true

use netform::network;

network! {
    pub struct Net(x: [9, 4]) -> [4] {
        let (o, h) = x -> Lstm(4);
        h -> Dense(4)
    }
}

fn main() {}
