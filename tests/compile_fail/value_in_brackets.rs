//! span: [
//! names: x
//! shapes: -
//! expected and found: -
//! fix: x -> Slice(2..5)

use netform::network;

network! {
    pub struct Net(x: [8]) -> [3] {
        let h = x[0..5];
        h -> Dense(3)
    }
}

fn main() {}
