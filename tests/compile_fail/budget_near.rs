//! span: PARAM <= 300_000
//! names: PARAM
//! shapes: -
//! expected and found: -
//! fix: did you mean `PARAMS`

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        x -> Dense(10)
    }

    assert PARAM <= 300_000;
}

fn main() {}
