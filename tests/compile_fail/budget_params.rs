//! span: PARAMS
//! names: PARAMS
//! shapes: 407050
//! expected and found: yes
//! fix: raise the budget

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        x -> Dense(512) -> Relu -> Dense(10)
    }

    assert PARAMS <= 300_000;
}

fn main() {}
