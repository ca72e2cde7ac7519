//! span: assert
//! names: assert!
//! shapes: -
//! expected and found: yes
//! fix: remove the `!`

use netform::network;

network! {
    pub struct Net(x: [784]) -> [10] {
        x -> Dense(10)
    }

    assert!(PARAMS <= 10_000);
}

fn main() {}
