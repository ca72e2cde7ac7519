//! span: 0
//! names: Embedding
//! shapes: -
//! expected and found: yes
//! fix: vocabulary

use netform::network;

network! {
    pub struct Net(tokens: [8]) -> [8, 4] {
        tokens -> Embedding(0, 4)
    }
}

fn main() {}
