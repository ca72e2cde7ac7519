//! span: MaxPool2d
//! names: MaxPool2d
//! shapes: [3, 3, 8]
//! expected and found: yes
//! fix: smaller window

use netform::network;

network! {
    pub struct Net(image: [5, 5, 1]) -> [10] {
        image -> Conv2d(8, kernel = 3) -> MaxPool2d(4) -> Flatten -> Dense(10)
    }
}

fn main() {}
