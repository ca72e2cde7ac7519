//! span: [Dense(16) -> Relu; 3]
//! names: Block
//! shapes: -
//! expected and found: yes
//! fix: write them into a block

use netform::network;

network! {
    pub struct Net(x: [16]) -> [16] {
        x -> rows: [Dense(16) -> Relu; 3]
    }
}

fn main() {}
