//! span: l2
//! names: #[l2]
//! shapes: -
//! expected and found: -
//! fix: #[l2(0.1)]

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[l2] Dense(8) -> Dense(10)
    }
}

fn main() {}
