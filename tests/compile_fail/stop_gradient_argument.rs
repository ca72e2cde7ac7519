//! span: true
//! names: stop_gradient
//! shapes: -
//! expected and found: -
//! fix: remove this one

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        stop_gradient(x -> Dense(16), true) + x -> Dense(10)
    }
}

fn main() {}
