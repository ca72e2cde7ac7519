//! span: BatchNorm2d
//! names: BatchNorm2d
//! shapes: -
//! expected and found: -
//! fix: did you mean `BatchNorm`

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1]) -> [10] {
        image -> Conv2d(4, kernel = 3) -> BatchNorm2d -> Flatten -> Dense(10)
    }
}

fn main() {}
