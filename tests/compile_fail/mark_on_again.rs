//! span: freeze
//! names: fc
//! shapes: -
//! expected and found: -
//! fix: where `fc` is defined

use netform::network;

network! {
    pub struct Net(a: [16], b: [16]) -> [10] {
        let left = a -> fc: Dense(8);
        let right = b -> #[freeze] fc;
        concat(left, right) -> Dense(10)
    }
}

fn main() {}
