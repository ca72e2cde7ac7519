//! span: "weights/extra.safetensors"
//! names: linear.scale
//! shapes: [2]
//! expected and found: yes
//! fix: lacks the layer

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/extra.safetensors" for Net);
}
