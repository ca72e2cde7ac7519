//! span: type
//! names: type
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> type: Dense(8) -> Dense(10)
    }
}

fn main() {}
