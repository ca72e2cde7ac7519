//! span: :
//! names: hidden
//! shapes: -
//! expected and found: -
//! fix: shapes are inferred

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let hidden: [32] = x -> Dense(32);
        hidden -> Dense(10)
    }
}

fn main() {}
