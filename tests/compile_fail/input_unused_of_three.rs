//! span: height
//! names: height
//! shapes: -
//! expected and found: -
//! fix: remove it

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1], age: [1], height: [1]) -> [2] {
        concat(image -> Flatten, age) -> Dense(2)
    }
}

fn main() {}
