//! span: /
//! names: `/`
//! shapes: [4, 16] [4]
//! expected and found: yes
//! fix: Reshape

use netform::network;

network! {
    pub struct Net(x: [4, 16]) -> [10] {
        x / sum(x, axes = 1) -> Flatten -> Dense(10)
    }
}

fn main() {}
