//! span: Normal
//! names: Normal
//! shapes: -
//! expected and found: -
//! fix: Normal(0.02)

use netform::network;

network! {
    pub struct Net(x: [3]) -> [4] {
        x -> #[init(Normal)] Dense(4)
    }
}

fn main() {}
