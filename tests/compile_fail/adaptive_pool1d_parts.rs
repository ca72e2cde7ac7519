//! span: 4
//! names: AdaptiveMaxPool1d
//! shapes: [9, 2]
//! expected and found: yes
//! fix: 3 and 9

use netform::network;

network! {
    pub struct Net(x: [9, 2]) -> [4, 2] {
        x -> AdaptiveMaxPool1d(4)
    }
}

fn main() {}
