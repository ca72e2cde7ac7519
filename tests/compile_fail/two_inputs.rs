//! span: b
//! names: b
//! shapes: -
//! expected and found: yes
//! fix: join the inputs

use netform::network;

network! {
    pub struct Net(a: [4], b: [4]) -> [10] { a -> Dense(10) }
}

fn main() {}
