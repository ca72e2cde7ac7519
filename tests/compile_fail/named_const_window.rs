//! span: Conv2d
//! names: conv: Conv2d
//! shapes: [4, 4, 1]
//! expected and found: yes
//! fix: smaller window

use netform::network;

const KERNEL: usize = 5;

network! {
    pub struct Net(image: [4, 4, 1]) -> [10] {
        image -> conv: Conv2d(8, kernel = KERNEL) -> Flatten -> Dense(10)
    }
}

fn main() {}
