//! span: 0.1
//! names: PRelu
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> PRelu(0.1)
    }
}

fn main() {}
