//! span: match
//! names: match
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let match = x -> Dense(4);
        x -> Dense(10)
    }
}

fn main() {}
