//! span: concat
//! names: concat
//! shapes: -
//! expected and found: yes
//! fix: axes count from 0

use netform::network;

network! {
    pub struct Net(a: [4, 8], b: [4, 8]) -> [10] {
        concat(a, b, axis = 3) -> Flatten -> Dense(10)
    }
}

fn main() {}
