//! span: bidirectional
//! names: bidirectional
//! shapes: -
//! expected and found: -
//! fix: concat(x -> Gru(8), x -> Gru(8, reverse = true))

use netform::network;

network! {
    pub struct Net(x: [6, 3]) -> [6, 16] {
        x -> Gru(8, bidirectional = true)
    }
}

fn main() {}
