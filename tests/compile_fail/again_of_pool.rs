//! span: pool
//! names: pool
//! shapes: -
//! expected and found: yes
//! fix: -> MaxPool2d

use netform::network;

network! {
    pub struct Net(image: [16, 16, 1]) -> [1] {
        image -> pool: MaxPool2d(2) -> Conv2d(4, kernel = 3) -> pool -> Flatten -> Dense(1)
    }
}

fn main() {}
