//! span: kernel_size
//! names: kernel_size
//! shapes: -
//! expected and found: -
//! fix: did you mean `kernel`

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1]) -> [10] {
        image -> Conv2d(4, kernel_size = 3) -> Flatten -> Dense(10)
    }
}

fn main() {}
