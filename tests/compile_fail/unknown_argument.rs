//! span: kernl
//! names: Conv2d
//! shapes: -
//! expected and found: -
//! fix: did you mean `kernel`?

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Conv2d(8, kernl = 3) -> Flatten -> Dense(10)
    }
}

fn main() {}
