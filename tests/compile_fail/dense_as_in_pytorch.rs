//! span: 10
//! names: Dense
//! shapes: -
//! expected and found: yes
//! fix: inferred

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Dense(16, 10)
    }
}

fn main() {}
