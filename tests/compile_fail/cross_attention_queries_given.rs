//! span: 8
//! names: queries CrossAttention
//! shapes: -
//! expected and found: -
//! fix: leave it out

use netform::network;

network! {
    pub struct Net(x: [9, 16], m: [8, 16]) -> [9, 16] {
        (x, m) -> CrossAttention(4, 8)
    }
}

fn main() {}
