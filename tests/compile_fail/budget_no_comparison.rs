//! span: PARAMS
//! names: PARAMS
//! shapes: -
//! expected and found: yes
//! fix: PARAMS <= 300_000

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        x -> Dense(10)
    }

    assert PARAMS;
}

fn main() {}
