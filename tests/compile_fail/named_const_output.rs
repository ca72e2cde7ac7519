//! span: [CLASSES]
//! names: -
//! shapes: [8] [10]
//! expected and found: yes
//! fix: declare the shape that was found

use netform::network;

const HIDDEN: usize = 8;
const CLASSES: usize = 10;

network! {
    pub struct Net(x: [4]) -> [CLASSES] {
        x -> Dense(HIDDEN)
    }
}

fn main() {}
