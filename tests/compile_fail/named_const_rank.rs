//! span: Dense
//! names: fc: Dense
//! shapes: -
//! expected and found: yes
//! fix: Flatten

use netform::network;

const CHANNELS: usize = 8;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(CHANNELS, kernel = 3) -> fc: Dense(10)
    }
}

fn main() {}
