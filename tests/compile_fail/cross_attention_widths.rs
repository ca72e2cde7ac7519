//! span: CrossAttention
//! names: CrossAttention
//! shapes: [12, 32]
//! expected and found: yes
//! fix: Dense(64)

use netform::network;

network! {
    pub struct Net(x: [10, 64], y: [12, 32]) -> [10, 64] {
        (x, y) -> CrossAttention(4)
    }
}

fn main() {}
