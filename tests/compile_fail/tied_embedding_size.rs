//! span: Tied
//! names: Tied
//! shapes: 8 16
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(tokens: [64]) -> [64, 65] {
        tokens -> embed: Embedding(65, 8) -> Dense(16) -> Tied(embed)
    }
}

fn main() {}
