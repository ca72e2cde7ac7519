//! span: Conv2d
//! names: Conv2d
//! shapes: [3, 32, 32]
//! expected and found: yes
//! fix: channels come last here: `[32, 32, 3]`

use netform::network;

network! {
    pub struct Net(image: [3, 32, 32]) -> [10] {
        image -> Conv2d(8, kernel = 5) -> Flatten -> Dense(10)
    }
}

fn main() {}
