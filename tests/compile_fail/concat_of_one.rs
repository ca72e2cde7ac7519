//! span: concat
//! names: concat
//! shapes: -
//! expected and found: -
//! fix: concat(a, b)

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        concat(x) -> Dense(10)
    }
}

fn main() {}
