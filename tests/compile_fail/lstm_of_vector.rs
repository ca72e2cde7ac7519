//! span: Lstm
//! names: Lstm
//! shapes: [16]
//! expected and found: yes
//! fix: add the time axis with `Reshape([time, features])`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [4] {
        x -> Lstm(4, last = true)
    }
}

fn main() {}
