//! span: "weights/other.safetensors"
//! names: linear.weight
//! shapes: [3, 2]
//! expected and found: yes
//! fix: "linear.weight" = "fc.weight"

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/other.safetensors" for Net);
}
