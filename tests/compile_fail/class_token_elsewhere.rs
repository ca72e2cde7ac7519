//! span: Parameter
//! names: Parameter
//! shapes: -
//! expected and found: -
//! fix: Learned

use netform::network;

network! {
    pub struct Net(x: [8, 3]) -> [9, 3] {
        concat(x -> Parameter([1, 3]), x -> Dense(3), axis = 0)
    }
}

fn main() {}
