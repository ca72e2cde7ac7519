//! span: const
//! names: -
//! shapes: -
//! expected and found: -
//! fix: constants stand outside of `network!`

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        const HIDDEN: usize = 32;
        x -> Dense(HIDDEN) -> Relu -> Dense(10)
    }
}

fn main() {}
