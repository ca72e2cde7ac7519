//! span: [Dense(16), 4]
//! names: row
//! shapes: -
//! expected and found: -
//! fix: [Block(..); 4]

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> hidden: [Dense(16), 4] -> Dense(10)
    }
}

fn main() {}
