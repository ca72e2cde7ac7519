//! span: conv
//! names: conv
//! shapes: -
//! expected and found: yes
//! fix: -> conv

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1]) -> [8, 8, 1] {
        image -> conv: Conv2d(4, kernel = 3, padding = same) -> Relu -> Tied(conv)
    }
}

fn main() {}
