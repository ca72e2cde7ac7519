//! span: Dense
//! names: fc: Dense
//! shapes: [784]
//! expected and found: yes
//! fix: write 784

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        x -> fc: Dense(700 -> 10)
    }
}

fn main() {}
