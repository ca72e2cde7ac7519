//! span: [1, 2, 3, 4, 5]
//! names: Learned
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [3]) -> [120] {
        x -> Learned([1, 2, 3, 4, 5]) -> Flatten
    }
}

fn main() {}
