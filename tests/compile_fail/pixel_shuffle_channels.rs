//! span: 2
//! names: PixelShuffle
//! shapes: [4, 4, 6]
//! expected and found: yes
//! fix: bring the last axis to 8

use netform::network;

network! {
    pub struct Net(x: [4, 4, 3]) -> [8, 8, 2] {
        x -> Conv2d(6, kernel = 1) -> PixelShuffle(2)
    }
}

fn main() {}
