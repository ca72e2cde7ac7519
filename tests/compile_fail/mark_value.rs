//! span: freeze
//! names: #[freeze]
//! shapes: -
//! expected and found: -
//! fix: remove what stands behind

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[freeze(true)] Dense(8) -> Dense(10)
    }
}

fn main() {}
