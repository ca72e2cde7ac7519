//! span: /
//! names: /
//! shapes: -
//! expected and found: -
//! fix: not available

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let y = x -> Dense(4);
        x / y -> Dense(10)
    }
}

fn main() {}
