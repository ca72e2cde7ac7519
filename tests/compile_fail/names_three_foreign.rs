//! span: Linear
//! names: Conv2D
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dense`
//! errors: 3

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1]) -> [10] {
        image -> Conv2D(4, kernel = 3) -> MaxPooling2D(2) -> Flatten -> Linear(10)
    }
}

fn main() {}
