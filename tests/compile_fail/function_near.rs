//! span: softmaxx
//! names: softmaxx
//! shapes: -
//! expected and found: -
//! fix: did you mean `softmax`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        softmaxx(x -> Dense(16)) * x -> Dense(10)
    }
}

fn main() {}
