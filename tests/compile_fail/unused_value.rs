//! span: y
//! names: y
//! shapes: -
//! expected and found: -
//! fix: remove this `let`

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let y = x -> Dense(8);
        x -> Dense(10)
    }
}

fn main() {}
