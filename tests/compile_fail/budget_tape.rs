//! span: TAPE_BYTES_PER_SAMPLE
//! names: TAPE_BYTES_PER_SAMPLE
//! shapes: -
//! expected and found: yes
//! fix: raise the budget

use netform::network;

network! {
    pub struct Net(x: [64]) -> [10] {
        x -> Dense(256) -> Relu -> Dense(10)
    }

    assert TAPE_BYTES_PER_SAMPLE < 1000;
}

fn main() {}
