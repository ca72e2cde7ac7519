//! span: [4, 3]
//! names: AdaptiveAvgPool2d
//! shapes: [6, 9, 2]
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [6, 9, 2]) -> [4, 3, 2] {
        x -> Conv2d(2, kernel = 1) -> AdaptiveAvgPool2d([4, 3])
    }
}

fn main() {}
