//! span: [10]
//! names: -
//! shapes: [9] [10]
//! expected and found: yes
//! fix: declare the shape that was found

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Flatten -> Dense(9)
    }
}

fn main() {}
