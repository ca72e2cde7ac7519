//! span: a
//! names: `a`
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let (a, a) = split(x -> Dense(32), 2);
        a -> Dense(10)
    }
}

fn main() {}
