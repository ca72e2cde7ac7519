//! span: -2.0
//! names: HardTanh
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> HardTanh(high = -2.0)
    }
}

fn main() {}
