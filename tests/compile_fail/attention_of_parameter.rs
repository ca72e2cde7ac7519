//! span: Attention
//! names: Attention
//! shapes: -
//! expected and found: yes
//! fix: const SIZE: usize = 64;

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [10, H]) -> [10, H] {
        x -> Attention(4)
    }
}

fn main() {}
