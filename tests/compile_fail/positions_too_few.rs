//! span: 32
//! names: PositionalEmbedding
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(tokens: [64]) -> [64, 4] {
        tokens -> Embedding(65, 4) -> PositionalEmbedding(32)
    }
}

fn main() {}
