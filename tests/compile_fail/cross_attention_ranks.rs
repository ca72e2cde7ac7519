//! span: CrossAttention
//! names: CrossAttention
//! shapes: [64]
//! expected and found: yes
//! fix: Reshape

use netform::network;

network! {
    pub struct Net(x: [10, 64], y: [64]) -> [10, 64] {
        (x, y) -> CrossAttention(4)
    }
}

fn main() {}
