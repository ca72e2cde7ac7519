//! span: Embedding
//! names: Embedding
//! shapes: -
//! expected and found: yes
//! fix: width

use netform::network;

network! {
    pub struct Net(tokens: [8]) -> [8, 4] {
        tokens -> Embedding(65)
    }
}

fn main() {}
