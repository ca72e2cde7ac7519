//! span: MaxPooling2D
//! names: MaxPooling2D
//! shapes: -
//! expected and found: -
//! fix: did you mean `MaxPool2d`

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1]) -> [10] {
        image -> MaxPooling2D(2) -> Flatten -> Dense(10)
    }
}

fn main() {}
