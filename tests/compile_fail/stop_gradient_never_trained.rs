//! span: Dense
//! names: encoder: Dense
//! shapes: -
//! expected and found: -
//! fix: #[freeze]

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let hidden = stop_gradient(x -> encoder: Dense(8) -> Relu);
        hidden -> Dense(10)
    }
}

fn main() {}
