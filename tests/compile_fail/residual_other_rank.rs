//! span: *
//! names: *
//! shapes: [32] [30, 30, 32]
//! expected and found: yes
//! fix: Flatten

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        let a = image -> Flatten -> Dense(32);
        let b = image -> Conv2d(32, kernel = 3);
        (a * b) -> Flatten -> Dense(10)
    }
}

fn main() {}
