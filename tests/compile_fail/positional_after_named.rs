//! span: 8
//! names: Conv2d
//! shapes: -
//! expected and found: -
//! fix: come first

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(kernel = 3, 8) -> Flatten -> Dense(10)
    }
}

fn main() {}
