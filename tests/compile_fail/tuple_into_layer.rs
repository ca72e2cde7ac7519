//! span: Dense
//! names: 2 values
//! shapes: -
//! expected and found: yes
//! fix: concat(a, b)

use netform::network;

network! {
    pub struct Net(left: [16], right: [16]) -> [10] {
        (left, right) -> Dense(10)
    }
}

fn main() {}
