//! span: Fc
//! names: it is the layer `fc`
//! shapes: -
//! expected and found: -
//! fix: choose another name

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> fc: Dense(8) -> Fc: Dense(3)
    }
}

fn main() {}
