//! span: [height, 0]
//! names: Permute
//! shapes: -
//! expected and found: yes
//! fix: [0, 1]

use netform::network;

network! {
    pub struct Net(x: [4, 6]) -> [6, 10] {
        x -> Permute([height, 0]) -> Dense(10)
    }
}

fn main() {}
