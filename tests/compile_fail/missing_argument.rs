//! span: Conv2d
//! names: Conv2d
//! shapes: -
//! expected and found: -
//! fix: kernel = ..

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> conv: Conv2d(8) -> Flatten -> Dense(10)
    }
}

fn main() {}
