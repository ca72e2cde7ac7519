//! span: -
//! names: -
//! shapes: -
//! expected and found: -
//! fix: concat(a, b)

use netform::network;

network! {
    pub struct Net(a: [4], b: [4]) -> [10] {
        concat([a, b]) -> Dense(10)
    }
}

fn main() {}
