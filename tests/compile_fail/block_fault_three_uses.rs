//! span: Drop
//! names: Drop
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dropout`

use netform::network;

network! {
    block Feed(x: [.., width]) { x -> Dense(width) -> Drop(0.1) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed -> Feed -> Feed -> Dense(10)
    }
}

fn main() {}
