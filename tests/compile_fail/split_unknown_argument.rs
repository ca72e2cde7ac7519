//! span: dim
//! names: dim
//! shapes: -
//! expected and found: yes
//! fix: axis = 0

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let (a, b) = split(x, 2, dim = 0);
        a + b -> Dense(10)
    }
}

fn main() {}
