//! span: 2..=5
//! names: Slice
//! shapes: -
//! expected and found: yes
//! fix: ..5

use netform::network;

network! {
    pub struct Net(x: [4, 6]) -> [4, 10] {
        x -> Slice(2..=5) -> Dense(10)
    }
}

fn main() {}
