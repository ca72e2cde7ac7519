//! span: 20
//! names: CrossAttention
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [10, 64]) -> [10, 64] {
        x -> CrossAttention(4, queries = 20)
    }
}

fn main() {}
