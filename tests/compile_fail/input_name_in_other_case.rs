//! span: input
//! names: it is the input `Input`
//! shapes: -
//! expected and found: -
//! fix: choose another name

use netform::network;

network! {
    pub struct Net(Input: [4]) -> [3] {
        Input -> input: Dense(3)
    }
}

fn main() {}
