//! span: memory
//! names: memory CrossAttention
//! shapes: -
//! expected and found: yes
//! fix: (x, memory) -> CrossAttention

use netform::network;

network! {
    pub struct Net(x: [9, 8], memory: [5, 8]) -> [9, 8] {
        x -> CrossAttention(memory, heads = 4)
    }
}

fn main() {}
