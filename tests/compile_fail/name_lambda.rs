//! span: Lambda
//! names: Lambda
//! shapes: -
//! expected and found: -
//! fix: 2.0 * x + y

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> Lambda(|x| 2.0 * x) -> Dense(3)
    }
}

fn main() {}
