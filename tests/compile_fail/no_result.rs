//! span: y
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: end with `y`

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let y = x -> Dense(10);
    }
}

fn main() {}
