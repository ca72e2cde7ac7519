//! span: [0, 2, 2]
//! names: Permute
//! shapes: -
//! expected and found: yes
//! fix: remove one

use netform::network;

network! {
    pub struct Net(x: [4, 6, 3]) -> [10] {
        x -> Permute([0, 2, 2]) -> Flatten -> Dense(10)
    }
}

fn main() {}
