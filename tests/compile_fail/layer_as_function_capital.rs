//! span: Dense
//! names: Dense
//! shapes: -
//! expected and found: -
//! fix: x -> Dense(..)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let hidden = Dense(x, 32);
        hidden -> Dense(10)
    }
}

fn main() {}
