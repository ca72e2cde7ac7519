//! span: Conv2d
//! names: conv2d: Conv2d
//! shapes: [784] [28, 28, 1]
//! expected and found: yes
//! fix: leave out `Flatten`

use netform::network;

network! {
    pub struct Net(x: [28, 28, 1]) -> [10] {
        x -> Flatten -> Conv2d(8, kernel = 3) -> Flatten -> Dense(10)
    }
}

fn main() {}
