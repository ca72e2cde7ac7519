//! span: Bidirectional
//! names: Bidirectional
//! shapes: -
//! expected and found: -
//! fix: concat(x -> Lstm(8), x -> Lstm(8, reverse = true))

use netform::network;

network! {
    pub struct Net(x: [6, 3]) -> [6, 16] {
        x -> Bidirectional(Lstm(8))
    }
}

fn main() {}
