//! span: PARAMS
//! names: PARAMS
//! shapes: 407050
//! expected and found: yes
//! fix: raise the budget

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [784]) -> [10] {
        x -> Dense(H) -> Dense(10)
    }

    instances [16, 512]
    assert PARAMS <= 300_000;
}

fn main() {}
