//! span: Dense
//! names: 2 values
//! shapes: -
//! expected and found: yes
//! fix: concat(a, b)

use netform::network;

network! {
    block Heads(x: [width]) { (x -> mean: Dense(4), x -> deviation: Dense(4)) }

    pub struct Net(x: [16]) -> [10] {
        x -> Heads -> Dense(10)
    }
}

fn main() {}
