//! span: Conv2d
//! names: conv: Conv2d
//! shapes: [8, 8, 1]
//! expected and found: yes
//! fix: smaller window

use netform::network;

network! {
    pub struct Net<const K: usize>(image: [8, 8, 1]) -> [10] {
        image -> conv: Conv2d(4, kernel = K) -> GlobalAvgPool2d -> Dense(10)
    }

    instances [3, 9]
}

fn main() {}
