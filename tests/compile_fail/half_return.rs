//! span: return
//! names: -
//! shapes: -
//! expected and found: -
//! fix: remove `return`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        return x -> Dense(10)
    }
}

fn main() {}
