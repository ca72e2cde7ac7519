//! span: Conv2d
//! names: conv: Conv2d
//! shapes: [784]
//! expected and found: yes
//! fix: Reshape

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        x -> conv: Conv2d(8, kernel = 3) -> Flatten -> Dense(10)
    }
}

fn main() {}
