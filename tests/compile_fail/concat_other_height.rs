//! span: concat
//! names: concat
//! shapes: [30, 30, 8] [28, 28, 8]
//! expected and found: yes
//! fix: padding = same

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        let a = image -> Conv2d(8, kernel = 3);
        let b = image -> Conv2d(8, kernel = 5);
        concat(a, b) -> Flatten -> Dense(10)
    }
}

fn main() {}
