//! span: Conv2d
//! names: Conv2d
//! shapes: [28, 28]
//! expected and found: yes
//! fix: Reshape

use netform::network;

network! {
    pub struct Net(x: [28, 28]) -> [10] {
        x -> Conv2d(8, kernel = 3) -> Flatten -> Dense(10)
    }
}

fn main() {}
