//! span: 0
//! names: GroupNorm
//! shapes: -
//! expected and found: yes
//! fix: groups

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> GroupNorm(0)
    }
}

fn main() {}
