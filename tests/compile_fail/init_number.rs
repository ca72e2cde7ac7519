//! span: 0.01
//! names: #[init]
//! shapes: -
//! expected and found: -
//! fix: #[init(HeNormal)]

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[init(0.01)] Dense(8) -> Dense(10)
    }
}

fn main() {}
