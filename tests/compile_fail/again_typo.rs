//! span: encodr
//! names: encodr
//! shapes: -
//! expected and found: -
//! fix: did you mean `encoder`

use netform::network;

network! {
    pub struct Net(left: [16], right: [16]) -> [1] {
        let a = left -> encoder: Dense(8);
        let b = right -> encodr;
        a * b -> Dense(1)
    }
}

fn main() {}
