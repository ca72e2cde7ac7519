//! span: [4]
//! names: Net
//! shapes: -
//! expected and found: yes
//! fix: end with a tuple

use netform::network;

network! {
    pub struct Net(a: [4]) -> (x: [4], y: [2]) { a -> Dense(10) }
}

fn main() {}
