//! span: -0.5
//! names: Shrink
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> Shrink(threshold = -0.5)
    }
}

fn main() {}
