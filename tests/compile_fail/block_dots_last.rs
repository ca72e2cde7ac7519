//! span: .
//! names: ..
//! shapes: -
//! expected and found: -
//! fix: [.., width]

use netform::network;

network! {
    block Feed(x: [height, ..]) { x -> Flatten -> Dense(4) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed -> Dense(10)
    }
}

fn main() {}
