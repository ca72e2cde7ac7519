//! span: concat
//! names: concat
//! shapes: -
//! expected and found: -
//! fix: concat(a, b) -> ..

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> concat(Dense(3), Dense(3))
    }
}

fn main() {}
