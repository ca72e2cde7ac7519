//! span: 6
//! names: Bilinear
//! shapes: -
//! expected and found: yes
//! fix: less than the features

use netform::network;

network! {
    pub struct Net(x: [6]) -> [4] {
        x -> Bilinear(4, 6)
    }
}

fn main() {}
