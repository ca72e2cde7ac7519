//! span: Dense
//! names: body: Dense
//! shapes: -
//! expected and found: -
//! fix: #[freeze]

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let features = x -> body: Dense(8) -> Relu;
        stop_gradient(features) -> Dense(10)
    }
}

fn main() {}
