//! span: 0
//! names: conv: DepthwiseConv2d
//! shapes: -
//! expected and found: yes
//! fix: 1 or more

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> conv: DepthwiseConv2d(3, multiplier = 0) -> Flatten -> Dense(10)
    }
}

fn main() {}
