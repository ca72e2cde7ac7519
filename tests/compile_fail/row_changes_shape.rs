//! span: Dense
//! names: hidden
//! shapes: [4] [8]
//! expected and found: yes
//! fix: apply the first one by itself

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> hidden: [Dense(8); 3] -> Dense(10)
    }
}

fn main() {}
