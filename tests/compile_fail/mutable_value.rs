//! span: mut
//! names: mut
//! shapes: -
//! expected and found: -
//! fix: remove

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        let mut y = x -> Dense(3);
        y
    }
}

fn main() {}
