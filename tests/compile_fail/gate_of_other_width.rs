//! span: *
//! names: *
//! shapes: [8, 8, 16] [8]
//! expected and found: yes
//! fix: Dense

use netform::network;

network! {
    pub struct Net(x: [8, 8, 16]) -> [8, 8, 16] {
        x * (x -> GlobalAvgPool2d -> Dense(8) -> Sigmoid)
    }
}

fn main() {}
