//! span: ;
//! names: -
//! shapes: -
//! expected and found: -
//! fix: remove the `;`

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(10);
    }
}

fn main() {}
