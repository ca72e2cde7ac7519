//! span: InstanceNorm
//! names: InstanceNorm
//! shapes: [4]
//! expected and found: yes
//! fix: LayerNorm

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> InstanceNorm
    }
}

fn main() {}
