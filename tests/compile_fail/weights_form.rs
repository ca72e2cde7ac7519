//! span: of
//! names: -
//! shapes: -
//! expected and found: -
//! fix: weights!("model.safetensors" for Net)

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/other.safetensors" of Net);
}
