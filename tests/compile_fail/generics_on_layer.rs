//! span: Dense
//! names: Dense<10>
//! shapes: -
//! expected and found: yes
//! fix: Dense(..)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Dense<10>
    }
}

fn main() {}
