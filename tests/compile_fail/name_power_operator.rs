//! span: *
//! names: -
//! shapes: -
//! expected and found: expected a value
//! fix: `x -> Square` is `x * x`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [16] {
        x ** 2
    }
}

fn main() {}
