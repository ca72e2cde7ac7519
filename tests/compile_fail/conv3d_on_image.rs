//! span: Conv3d
//! names: Conv3d
//! shapes: [9, 8, 4]
//! expected and found: yes
//! fix: Reshape([depth, height, width, 1])

use netform::network;

network! {
    pub struct Net(x: [9, 8, 4]) -> [2] {
        x -> Conv3d(2, kernel = 3) -> GlobalAvgPool
    }
}

fn main() {}
