//! span: 2..9
//! names: Slice
//! shapes: -
//! expected and found: yes
//! fix: ..6

use netform::network;

network! {
    pub struct Net(x: [4, 6]) -> [4, 10] {
        x -> Slice(2..9) -> Dense(10)
    }
}

fn main() {}
