//! span: Dropout
//! names: Dropout
//! shapes: 2
//! expected and found: yes
//! fix: -

use netform::network;

const RATE: f64 = 2.0;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dropout(RATE) -> Dense(10)
    }
}

fn main() {}
