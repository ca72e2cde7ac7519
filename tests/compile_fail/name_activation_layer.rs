//! span: Activation
//! names: Activation
//! shapes: -
//! expected and found: -
//! fix: an activation is a layer of its own

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> Dense(8) -> Activation(relu) -> Dense(3)
    }
}

fn main() {}
