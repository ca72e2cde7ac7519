//! span: [10, 10]
//! names: axis of 16
//! shapes: 16
//! expected and found: yes
//! fix: split(x, [8, 8])

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let (a, b) = split(x, [10, 10]);
        concat(a, b) -> Dense(10)
    }
}

fn main() {}
