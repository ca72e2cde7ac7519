//! span: TRAINING_FLOPS
//! names: TRAINING_FLOPS
//! shapes: -
//! expected and found: yes
//! fix: raise the budget

use netform::network;

network! {
    pub struct Net(x: [64]) -> [10] {
        x -> Dense(32) -> Relu -> Dense(10)
    }

    assert TRAINING_FLOPS < 10_000;
}

fn main() {}
