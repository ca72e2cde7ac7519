//! span: freeze
//! names: Relu
//! shapes: -
//! expected and found: -
//! fix: a layer with parameters

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(8) -> #[freeze] Relu -> Dense(10)
    }
}

fn main() {}
