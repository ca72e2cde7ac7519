//! span: Reshape
//! names: Reshape
//! shapes: [784] [7, 7, 10]
//! expected and found: yes
//! fix: 784

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        x -> Reshape([7, 7, 10]) -> Flatten -> Dense(10)
    }
}

fn main() {}
