//! span: num_embeddings
//! names: num_embeddings
//! shapes: -
//! expected and found: -
//! fix: did you mean `vocabulary`

use netform::network;

network! {
    pub struct Net(x: [6]) -> [6, 8] {
        x -> Embedding(num_embeddings = 100, width = 8)
    }
}

fn main() {}
