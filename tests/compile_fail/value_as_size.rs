//! span: y
//! names: y Dense
//! shapes: -
//! expected and found: yes
//! fix: y -> Dense

use netform::network;

network! {
    pub struct Net(x: [9], y: [5]) -> [4] {
        x -> Dense(y)
    }
}

fn main() {}
