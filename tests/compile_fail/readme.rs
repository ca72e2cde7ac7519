//! span: Dense
//! names: fc: Dense
//! shapes: [15, 15, 32]
//! expected and found: yes
//! fix: Flatten

use netform::network;

network! {
    /// The README's network, with `Flatten` forgotten.
    pub struct Cifar10(image: [32, 32, 3]) -> [10] {
        image -> conv: Conv2d(32, kernel = 3) -> Relu -> MaxPool2d(2)
              -> fc: Dense(128) -> Relu -> head: Dense(10)
    }
}

fn main() {}
