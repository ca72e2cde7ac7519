//! span: const
//! names: const
//! shapes: -
//! expected and found: -
//! fix: constants stand outside of `network!`

use netform::network;

network! {
    const HIDDEN: usize = 32;

    pub struct Net(x: [784]) -> [10] {
        x -> Dense(HIDDEN) -> Relu -> Dense(10)
    }
}

fn main() {}
