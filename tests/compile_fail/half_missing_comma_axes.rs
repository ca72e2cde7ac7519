//! span: 28
//! names: 28
//! shapes: -
//! expected and found: yes
//! fix: by commas

use netform::network;

network! {
    pub struct Net(image: [28 28, 1]) -> [10] {
        image -> Flatten -> Dense(10)
    }
}

fn main() {}
