//! span: [Dense(4); 3]
//! names: -
//! shapes: -
//! expected and found: -
//! fix: write the layers out

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> [Dense(4); 3] -> Dense(10)
    }
}

fn main() {}
