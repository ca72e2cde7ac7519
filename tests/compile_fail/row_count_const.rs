//! span: DEPTH
//! names: DEPTH
//! shapes: -
//! expected and found: yes
//! fix: write the number

use netform::network;

const DEPTH: usize = 4;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> hidden: [Dense(16); DEPTH] -> Dense(10)
    }
}

fn main() {}
