//! span: [1, -1]
//! names: Mean
//! shapes: -
//! expected and found: yes
//! fix: remove one

use netform::network;

network! {
    pub struct Net(x: [4, 6]) -> [4] {
        x -> Dense(3) -> Mean([1, -1])
    }
}

fn main() {}
