//! span: assert
//! names: assert
//! shapes: -
//! expected and found: -
//! fix: move it behind

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        assert PARAMS <= 10_000;
        x -> Dense(10)
    }
}

fn main() {}
