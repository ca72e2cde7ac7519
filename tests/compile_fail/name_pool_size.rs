//! span: pool_size
//! names: pool_size
//! shapes: -
//! expected and found: -
//! fix: did you mean `kernel`

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1]) -> [3] {
        image -> MaxPool2d(pool_size = 2) -> Flatten -> Dense(3)
    }
}

fn main() {}
