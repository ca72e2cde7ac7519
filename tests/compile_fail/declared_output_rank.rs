//! span: [10]
//! names: -
//! shapes: [30, 30, 10] [10]
//! expected and found: yes
//! fix: Flatten

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(10, kernel = 3)
    }
}

fn main() {}
