//! span: units
//! names: units
//! shapes: -
//! expected and found: yes
//! fix: units = ..

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> Dense(units: 3)
    }
}

fn main() {}
