//! span: 0
//! names: row
//! shapes: -
//! expected and found: yes
//! fix: a number from 1

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> hidden: [Dense(16); 0] -> Dense(10)
    }
}

fn main() {}
