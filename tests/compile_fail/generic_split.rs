//! span: split
//! names: split
//! shapes: -
//! expected and found: yes
//! fix: slice(x, 0..4)

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [16]) -> [10] {
        let (a, b) = split(x -> Dense(H), 2);
        a * b -> Dense(10)
    }

    instances [32]
}

fn main() {}
