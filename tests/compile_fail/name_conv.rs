//! span: Conv
//! names: Conv
//! shapes: -
//! expected and found: -
//! fix: did you mean `Conv2d`

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1]) -> [10] {
        image -> Conv(4, kernel = 3) -> Flatten -> Dense(10)
    }
}

fn main() {}
