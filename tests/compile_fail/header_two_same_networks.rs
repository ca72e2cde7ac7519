//! span: Net
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Dense(10)
    }

    pub struct Net(x: [16]) -> [4] {
        x -> Dense(4)
    }
}

fn main() {}
