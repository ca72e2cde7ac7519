//! span: Softmax
//! names: Softmax
//! shapes: -
//! expected and found: yes
//! fix: remove one

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(10) -> Softmax -> Softmax
    }
}

fn main() {}
