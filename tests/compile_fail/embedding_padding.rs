//! span: 100
//! names: Embedding
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(tokens: [8]) -> [8, 4] {
        tokens -> Embedding(100, 4, padding = 100)
    }
}

fn main() {}
