//! span: ;
//! names: -
//! shapes: -
//! expected and found: -
//! fix: to the right of `->`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let hidden = ;
        hidden -> Dense(10)
    }
}

fn main() {}
