//! span: rate
//! names: #[rate]
//! shapes: -
//! expected and found: -
//! fix: remove one

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[rate(0.1)] #[rate(0.5)] Dense(8) -> Relu -> Dense(10)
    }
}

fn main() {}
