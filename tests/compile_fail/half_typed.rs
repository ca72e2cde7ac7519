//! span: ;
//! names: -
//! shapes: -
//! expected and found: -
//! fix: Dense(10)

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(8) -> ; 
    }
}

fn main() {}
