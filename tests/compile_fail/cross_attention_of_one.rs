//! span: CrossAttention
//! names: CrossAttention
//! shapes: -
//! expected and found: yes
//! fix: (a, b) -> CrossAttention

use netform::network;

network! {
    pub struct Net(x: [10, 64]) -> [10, 64] {
        x -> CrossAttention(4)
    }
}

fn main() {}
