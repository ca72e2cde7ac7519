//! span: Attention
//! names: Attention
//! shapes: -
//! expected and found: yes
//! fix: leave `#[stream]` out

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 64]) -> [10, 64] {
        x -> Attention(4)
    }
}

fn main() {}
