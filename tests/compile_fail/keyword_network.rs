//! span: loop
//! names: loop
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct loop(x: [16]) -> [10] {
        x -> Dense(10)
    }
}

fn main() {}
