//! span: conv2D
//! names: conv2D
//! shapes: -
//! expected and found: -
//! fix: did you mean `Conv2d`?

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> conv2D(8, kernel = 3) -> Flatten -> Dense(10)
    }
}

fn main() {}
