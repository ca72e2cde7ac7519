//! span: 2
//! names: split
//! shapes: -
//! expected and found: yes
//! fix: axes count from 0

use netform::network;

network! {
    pub struct Net(x: [8, 16]) -> [10] {
        let (a, b) = split(x, 2, axis = 2);
        a + b -> Flatten -> Dense(10)
    }
}

fn main() {}
