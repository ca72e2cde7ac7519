//! span: fc
//! names: fc
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let fc = x -> Dense(8);
        fc -> fc: Dense(10)
    }
}

fn main() {}
