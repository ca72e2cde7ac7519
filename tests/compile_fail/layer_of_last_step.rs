//! span: Last
//! names: Last
//! shapes: -
//! expected and found: -
//! fix: last = true

use netform::network;

network! {
    pub struct Net(x: [20, 8]) -> [3] {
        x -> Lstm(16) -> Last -> Dense(3)
    }
}

fn main() {}
