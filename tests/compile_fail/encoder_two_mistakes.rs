//! span: embd
//! names: freez
//! shapes: -
//! expected and found: -
//! fix: did you mean `embed`
//! errors: 2

use netform::network;

network! {
    pub struct Encoder(x: [784]) -> (code: [16], image: [784]) {
        let code = x -> #[freez] embed: Dense(16) -> Relu;
        (code, code -> Tied(embd))
    }
}

fn main() {}
