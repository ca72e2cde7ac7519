//! span: +
//! names: +
//! shapes: [32, 32, 8] [32, 32, 16]
//! expected and found: yes
//! fix: 1×1 `Conv2d`

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        let x = image -> Conv2d(8, kernel = 3, padding = same);
        let y = x -> Conv2d(16, kernel = 3, padding = same);
        (x + y) -> Flatten -> Dense(10)
    }
}

fn main() {}
