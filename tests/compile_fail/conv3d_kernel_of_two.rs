//! span: [3, 5]
//! names: Conv3d
//! shapes: -
//! expected and found: yes
//! fix: [3, 5, 5]

use netform::network;

network! {
    pub struct Net(x: [6, 6, 6, 1]) -> [4] {
        x -> Conv3d(4, kernel = [3, 5]) -> GlobalAvgPool
    }
}

fn main() {}
