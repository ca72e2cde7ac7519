//! span: Constant
//! names: Constant
//! shapes: -
//! expected and found: -
//! fix: Constant(0.1)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[init(bias = Constant)] Dense(8) -> Dense(10)
    }
}

fn main() {}
