//! span: Zeros
//! names: Zeros
//! shapes: -
//! expected and found: -
//! fix: did you mean `Constant(0.0)`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[init(Zeros)] Dense(8) -> Dense(10)
    }
}

fn main() {}
