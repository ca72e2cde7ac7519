//! span: "fc.wight"
//! names: fc.wight
//! shapes: -
//! expected and found: -
//! fix: did you mean `fc.weight`

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/other.safetensors" for Net, "linear.weight" = "fc.wight", "linear.bias" = "fc.bias");
}
