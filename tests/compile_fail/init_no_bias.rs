//! span: bias
//! names: fc: Dense
//! shapes: -
//! expected and found: -
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[init(bias = Constant(0.1))] fc: Dense(8, bias = false) -> Dense(10)
    }
}

fn main() {}
