//! span: Attention
//! names: Attention
//! shapes: [64]
//! expected and found: yes
//! fix: Reshape

use netform::network;

network! {
    pub struct Net(x: [64]) -> [64] {
        x -> Attention(4)
    }
}

fn main() {}
