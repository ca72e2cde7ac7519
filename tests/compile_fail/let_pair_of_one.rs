//! span: a
//! names: one value
//! shapes: -
//! expected and found: yes
//! fix: split(.., 2)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let (a, b) = x -> Dense(32);
        a + b -> Dense(10)
    }
}

fn main() {}
