//! span: "weights/wide.safetensors"
//! names: linear.weight
//! shapes: [3, 2] [3, 5]
//! expected and found: yes
//! fix: give the layer the file's size

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/wide.safetensors" for Net);
}
