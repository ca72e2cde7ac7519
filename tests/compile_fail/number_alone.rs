//! span: 0.5
//! names: a number
//! shapes: -
//! expected and found: -
//! fix: 0.5 * x

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let scale = 0.5;
        x * scale -> Dense(10)
    }
}

fn main() {}
