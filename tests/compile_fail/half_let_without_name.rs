//! span: =
//! names: let
//! shapes: -
//! expected and found: -
//! fix: let name = value;

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let = x -> Dense(4);
        x -> Dense(10)
    }
}

fn main() {}
