//! span: "weights/model.safetensors"
//! names: weights/model.safetensors
//! shapes: -
//! expected and found: -
//! fix: network.save

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/model.safetensors" for Net);
}
