//! span: [
//! names: [3]
//! shapes: -
//! expected and found: -
//! fix: Dense(10)

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> Dense[3]
    }
}

fn main() {}
