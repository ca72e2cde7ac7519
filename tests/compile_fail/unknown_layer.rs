//! span: Dens
//! names: Dens
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dense`?

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dens(10)
    }
}

fn main() {}
