//! span: kernel
//! names: dense: Dense
//! shapes: -
//! expected and found: -
//! fix: did you mean `weight`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[init(kernel = HeNormal)] Dense(8) -> Dense(10)
    }
}

fn main() {}
