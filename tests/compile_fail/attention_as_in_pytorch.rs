//! span: 4
//! names: Attention key_heads
//! shapes: -
//! expected and found: yes
//! fix: Attention(heads)

use netform::network;

network! {
    pub struct Net(x: [9, 16]) -> [9, 16] {
        x -> Attention(16, 4)
    }
}

fn main() {}
