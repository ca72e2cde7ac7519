//! span: Attention
//! names: attention: Attention
//! shapes: [32] [40, 32]
//! expected and found: yes
//! fix: leave out `last = true`

use netform::network;

network! {
    pub struct Net(x: [40, 8]) -> [4] {
        x -> Gru(32, last = true) -> LayerNorm -> Attention(4) -> Flatten -> Dense(4)
    }
}

fn main() {}
