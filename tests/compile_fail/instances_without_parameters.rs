//! span: instances
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: const H: usize

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Dense(10)
    }

    instances [16]
}

fn main() {}
