//! span: 1.0
//! names: DropPath
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> DropPath(1.0)
    }
}

fn main() {}
