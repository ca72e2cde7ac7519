//! span: Attention
//! names: layer
//! shapes: -
//! expected and found: yes
//! fix: concat(a, b)

use netform::network;

network! {
    pub struct Net(x: [10, 64], y: [12, 64]) -> [10, 64] {
        (x, y) -> Attention(4)
    }
}

fn main() {}
