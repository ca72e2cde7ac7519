//! span: #
//! names: -
//! shapes: -
//! expected and found: -
//! fix: #[freeze] fc: Dense(10)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> fc: #[freeze] Dense(8) -> Dense(10)
    }
}

fn main() {}
