//! span: Dense
//! names: fc: Dense
//! shapes: [30, 30, 8]
//! expected and found: yes
//! fix: Flatten

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(8, kernel = 3) -> fc: Dense(10)
    }
}

fn main() {}
