//! span: GlobalAvgPool2d
//! names: GlobalAvgPool2d
//! shapes: [32]
//! expected and found: yes
//! fix: Reshape

use netform::network;

network! {
    pub struct Net(x: [32]) -> [10] {
        x -> GlobalAvgPool2d -> Dense(10)
    }
}

fn main() {}
