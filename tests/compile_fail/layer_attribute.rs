//! span: freeze
//! names: -
//! shapes: -
//! expected and found: -
//! fix: remove the attribute

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> #[freeze] fc: Dense(10)
    }
}

fn main() {}
