//! span: assert
//! names: assert
//! shapes: -
//! expected and found: -
//! fix: PARAMS <= 300_000

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        x -> Dense(10)
    }

    assert;
}

fn main() {}
