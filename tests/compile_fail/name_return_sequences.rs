//! span: return_sequences
//! names: return_sequences
//! shapes: -
//! expected and found: -
//! fix: `last = true` keeps the last one alone

use netform::network;

network! {
    pub struct Net(x: [6, 3]) -> [6, 8] {
        x -> Lstm(8, return_sequences = true)
    }
}

fn main() {}
