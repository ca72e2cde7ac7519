//! span: "weights/torch.safetensors"
//! names: linear.weight
//! shapes: [3, 2] [2, 3]
//! expected and found: yes
//! fix: Loading::torch()

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/torch.safetensors" for Net);
}
