//! span: relu
//! names: relu
//! shapes: -
//! expected and found: yes
//! fix: write the value first

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        relu() + x -> Dense(10)
    }
}

fn main() {}
