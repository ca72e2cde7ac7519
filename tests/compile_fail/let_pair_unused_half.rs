//! span: b
//! names: `b`
//! shapes: -
//! expected and found: -
//! fix: remove this

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let (a, b) = split(x -> Dense(32), 2);
        a -> Dense(10)
    }
}

fn main() {}
