//! span: *
//! names: numbers
//! shapes: -
//! expected and found: yes
//! fix: const expression

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        2 * 0.5 * x -> Dense(10)
    }
}

fn main() {}
