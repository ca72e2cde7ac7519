//! span: encode
//! names: encode
//! shapes: -
//! expected and found: -
//! fix: -> embed: Dense(..)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [16] {
        x -> embed: Dense(4) -> Relu -> Tied(encode)
    }
}

fn main() {}
