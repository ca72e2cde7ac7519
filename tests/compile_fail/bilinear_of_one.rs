//! span: Bilinear
//! names: Bilinear
//! shapes: -
//! expected and found: yes
//! fix: (a, b) -> Bilinear

use netform::network;

network! {
    pub struct Net(x: [6]) -> [4] {
        x -> Bilinear(4)
    }
}

fn main() {}
