//! span: x
//! names: `x`
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net(x: [16], x: [16]) -> [10] {
        x -> Dense(10)
    }
}

fn main() {}
