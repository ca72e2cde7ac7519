//! span: 0
//! names: Conv2d
//! shapes: -
//! expected and found: yes
//! fix: 1 or more

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(8, kernel = 0) -> Flatten -> Dense(10)
    }
}

fn main() {}
