//! span: 0
//! names: SeparableConv2d
//! shapes: -
//! expected and found: yes
//! fix: 1 or more

use netform::network;

network! {
    pub struct Net(x: [6, 6, 3]) -> [4] {
        x -> SeparableConv2d(4, kernel = 3, multiplier = 0) -> GlobalAvgPool
    }
}

fn main() {}
