//! span: 0.0
//! names: Celu
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> Celu(0.0)
    }
}

fn main() {}
