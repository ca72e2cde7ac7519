//! span: tower
//! names: tower
//! shapes: -
//! expected and found: -
//! fix: into a block

use netform::network;

network! {
    pub struct Net(a: [16], b: [16]) -> [10] {
        let left = a -> tower: [Dense(16); 4];
        let right = b -> tower;
        left * right -> Dense(10)
    }
}

fn main() {}
