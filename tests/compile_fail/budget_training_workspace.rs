//! span: TRAINING_WORKSPACE_BYTES
//! names: TRAINING_WORKSPACE_BYTES
//! shapes: -
//! expected and found: yes
//! fix: raise the budget

use netform::network;

network! {
    pub struct Net(x: [64]) -> [10] {
        x -> Dense(256) -> Relu -> Dense(10)
    }

    assert TRAINING_WORKSPACE_BYTES <= 1024;
}

fn main() {}
