//! span: 1.5
//! names: Lstm, recurrent_dropout
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [16, 2]) -> [4] {
        x -> Lstm(4, last = true, recurrent_dropout = 1.5)
    }
}

fn main() {}
