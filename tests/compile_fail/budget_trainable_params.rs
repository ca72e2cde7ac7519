//! span: TRAINABLE_PARAMS
//! names: TRAINABLE_PARAMS
//! shapes: 330
//! expected and found: yes
//! fix: raise the budget

use netform::network;

network! {
    pub struct Net(x: [64]) -> [10] {
        x -> #[freeze] Dense(32) -> Relu -> Dense(10)
    }

    assert TRAINABLE_PARAMS <= 300;
}

fn main() {}
