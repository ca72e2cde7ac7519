//! span: Reshape
//! names: Reshape
//! shapes: [12] [4, 5]
//! expected and found: -
//! fix: -

use netform::network;

const N: usize = 12;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(N) -> Reshape([4, 5]) -> Flatten -> Dense(10)
    }
}

fn main() {}
