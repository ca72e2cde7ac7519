//! span: DEPTH
//! names: DEPTH
//! shapes: -
//! expected and found: yes
//! fix: write the number

use netform::network;

const DEPTH: usize = 3;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> [Dense(4); DEPTH] -> Dense(10)
    }
}

fn main() {
    let _ = DEPTH;
}
