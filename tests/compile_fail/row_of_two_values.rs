//! span: Dense
//! names: row
//! shapes: -
//! expected and found: yes
//! fix: concat(a, b)

use netform::network;

network! {
    pub struct Net(a: [16], b: [16]) -> [10] {
        (a, b) -> hidden: [Dense(16); 4] -> Dense(10)
    }
}

fn main() {}
