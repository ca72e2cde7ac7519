//! span: use_bias
//! names: use_bias
//! shapes: -
//! expected and found: -
//! fix: did you mean `bias`

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> Dense(3, use_bias = false)
    }
}

fn main() {}
