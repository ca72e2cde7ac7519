//! span: Tied
//! names: Tied
//! shapes: [8]
//! expected and found: yes
//! fix: bring the value to that size

use netform::network;

network! {
    pub struct Net(x: [16]) -> [16] {
        x -> embed: Dense(4) -> hidden: Dense(8) -> Tied(embed)
    }
}

fn main() {}
