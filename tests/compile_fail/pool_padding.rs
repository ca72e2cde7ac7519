//! span: 2
//! names: MaxPool2d
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> MaxPool2d(2, padding = 2) -> Flatten -> Dense(10)
    }
}

fn main() {}
