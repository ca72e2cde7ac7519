//! span: 0
//! names: conv: Conv2d
//! shapes: -
//! expected and found: yes
//! fix: 1 or more

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> conv: Conv2d(0, kernel = 3) -> Flatten -> Dense(10)
    }
}

fn main() {}
