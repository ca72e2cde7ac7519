//! span: [3, 3, 3]
//! names: Conv2d
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(8, kernel = [3, 3, 3]) -> Flatten -> Dense(10)
    }
}

fn main() {}
