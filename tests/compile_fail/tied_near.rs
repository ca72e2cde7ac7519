//! span: embd
//! names: embd
//! shapes: -
//! expected and found: -
//! fix: did you mean `embed`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [16] {
        x -> embed: Dense(4) -> Relu -> Tied(embd)
    }
}

fn main() {}
