//! span: y
//! names: -
//! shapes: -
//! expected and found: -
//! fix: `;`

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let y = x -> Dense(4)
        y -> Dense(10)
    }
}

fn main() {}
