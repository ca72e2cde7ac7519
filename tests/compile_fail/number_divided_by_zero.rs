//! span: /
//! names: divided by 0
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x / 0.0 -> Dense(10)
    }
}

fn main() {}
