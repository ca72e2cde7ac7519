//! span: Linear
//! names: Linear
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dense`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Linear(10)
    }
}

fn main() {}
