//! span: 8
//! names: GroupNorm
//! shapes: [6, 6, 12]
//! expected and found: yes
//! fix: 6 and 12

use netform::network;

network! {
    pub struct Net(image: [8, 8, 3]) -> [6, 6, 12] {
        image -> Conv2d(12, kernel = 3) -> GroupNorm(groups = 8)
    }
}

fn main() {}
