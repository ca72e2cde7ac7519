//! span: hiden
//! names: hiden
//! shapes: -
//! expected and found: -
//! fix: did you mean `hidden`?

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let hidden = x -> Dense(8);
        hiden -> Dense(10)
    }
}

fn main() {}
