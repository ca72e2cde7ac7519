//! span: 16, 6
//! names: Reshape
//! shapes: -
//! expected and found: yes
//! fix: Reshape([16, 6])

use netform::network;

network! {
    pub struct Net(x: [96]) -> [16, 6] {
        x -> Dense(96) -> Reshape(16, 6)
    }
}

fn main() {}
