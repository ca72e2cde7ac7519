//! span: "weights/double.safetensors"
//! names: linear.weight
//! shapes: [3, 2] F32 F64
//! expected and found: yes
//! fix: netform convert FROM TO --dtype f32

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/double.safetensors" for Net);
}
