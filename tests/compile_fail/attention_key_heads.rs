//! span: 3
//! names: Attention
//! shapes: -
//! expected and found: yes
//! fix: 2 and 4

use netform::network;

network! {
    pub struct Net(x: [10, 64]) -> [10, 64] {
        x -> Attention(8, key_heads = 3)
    }
}

fn main() {}
