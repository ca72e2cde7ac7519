//! span: Bilinear
//! names: Bilinear
//! shapes: [4, 3] [5, 2]
//! expected and found: yes
//! fix: Slice

use netform::network;

network! {
    pub struct Net(a: [4, 3], b: [5, 2]) -> [4, 6] {
        (a, b) -> Bilinear(6)
    }
}

fn main() {}
