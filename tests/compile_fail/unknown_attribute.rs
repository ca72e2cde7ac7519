//! span: frozen
//! names: frozen
//! shapes: -
//! expected and found: -
//! fix: freeze

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> #[frozen] body: Dense(4) -> Dense(10)
    }
}

fn main() {}
