//! span: [1, 0]
//! names: Permute
//! shapes: -
//! expected and found: yes
//! fix: each axis once

use netform::network;

network! {
    pub struct Net(x: [4, 6, 3]) -> [10] {
        x -> Permute([1, 0]) -> Flatten -> Dense(10)
    }
}

fn main() {}
