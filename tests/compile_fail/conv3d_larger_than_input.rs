//! span: Conv3d
//! names: Conv3d
//! shapes: [2, 6, 6, 1]
//! expected and found: yes
//! fix: padding = same

use netform::network;

network! {
    pub struct Net(x: [2, 6, 6, 1]) -> [4] {
        x -> Conv3d(4, kernel = 3) -> GlobalAvgPool
    }
}

fn main() {}
