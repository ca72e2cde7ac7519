//! span: true
//! names: Attention
//! shapes: [10, 12]
//! expected and found: yes
//! fix: PositionalEmbedding

use netform::network;

network! {
    pub struct Net(x: [10, 12]) -> [10, 12] {
        x -> Attention(4, rotary = true)
    }
}

fn main() {}
