//! span: pad
//! names: pad
//! shapes: -
//! expected and found: -
//! fix: did you mean `padding`

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1]) -> [3] {
        image -> Conv2d(4, kernel = 3, pad = 1) -> Flatten -> Dense(3)
    }
}

fn main() {}
