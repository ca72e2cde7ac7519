//! span: *
//! names: *
//! shapes: [31] [30, 30, 32]
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        let a = image -> Flatten -> Dense(31);
        let b = image -> Conv2d(32, kernel = 3);
        (a * b) -> Flatten -> Dense(10)
    }
}

fn main() {}
