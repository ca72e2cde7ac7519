//! span: InputLayer
//! names: InputLayer
//! shapes: -
//! expected and found: -
//! fix: inputs stand behind the network's name

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> InputLayer(4) -> Dense(3)
    }
}

fn main() {}
