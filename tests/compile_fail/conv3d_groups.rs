//! span: 4
//! names: Conv3d
//! shapes: [4, 4, 4, 6]
//! expected and found: yes
//! fix: 3 and 6

use netform::network;

network! {
    pub struct Net(x: [4, 4, 4, 6]) -> [8] {
        x -> Conv3d(8, kernel = 1, groups = 4) -> GlobalAvgPool
    }
}

fn main() {}
