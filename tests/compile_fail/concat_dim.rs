//! span: dim
//! names: concat
//! shapes: -
//! expected and found: -
//! fix: axis = 0

use netform::network;

network! {
    pub struct Net(a: [4, 8], b: [4, 8]) -> [10] {
        concat(a, b, dim = 1) -> Flatten -> Dense(10)
    }
}

fn main() {}
