//! span: 5
//! names: Attention
//! shapes: [10, 64]
//! expected and found: yes
//! fix: 4 and 8

use netform::network;

network! {
    pub struct Net(x: [10, 64]) -> [10, 64] {
        x -> Attention(5)
    }
}

fn main() {}
