//! span: 3
//! names: axis of 16
//! shapes: 16
//! expected and found: yes
//! fix: split(x, [8, 8])

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let (a, b, c) = split(x, 3);
        a + b + c -> Dense(10)
    }
}

fn main() {}
