//! span: 0
//! names: x
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [0]) -> [10] {
        x -> Dense(10)
    }
}

fn main() {}
