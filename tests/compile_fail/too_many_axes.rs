//! span: x
//! names: x
//! shapes: -
//! expected and found: yes
//! fix: batch

use netform::network;

network! {
    pub struct Net(x: [64, 2, 32, 32, 3]) -> [10] {
        x -> Flatten -> Dense(10)
    }
}

fn main() {}
