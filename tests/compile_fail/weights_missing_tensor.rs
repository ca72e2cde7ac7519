//! span: "weights/short.safetensors"
//! names: linear.bias
//! shapes: [2]
//! expected and found: yes
//! fix: save the weights of the network as it is now

use netform::{network, weights};

network! {
    pub struct Net(x: [3]) -> [2] {
        x -> linear: Dense(2)
    }
}

fn main() {
    let _ = weights!("weights/short.safetensors" for Net);
}
