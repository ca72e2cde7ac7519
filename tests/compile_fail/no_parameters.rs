//! span: Net
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: Dense

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> Relu
    }
}

fn main() {}
