//! span: "fc.bias"
//! names: fc.bias
//! shapes: -
//! expected and found: -
//! fix: rename the other one

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/other.safetensors" for Net, "fc.bias" = "fc.weight");
}
