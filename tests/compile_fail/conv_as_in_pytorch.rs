//! span: 3
//! names: Conv2d stride
//! shapes: -
//! expected and found: yes
//! fix: Conv2d(filters, kernel)

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(3, 16, 3) -> GlobalAvgPool2d -> Dense(10)
    }
}

fn main() {}
