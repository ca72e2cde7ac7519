//! span: Glu
//! names: Glu
//! shapes: [4, 7]
//! expected and found: yes
//! fix: 6 or 8

use netform::network;

network! {
    pub struct Net(x: [4, 7]) -> [4, 3] {
        x -> Glu
    }
}

fn main() {}
