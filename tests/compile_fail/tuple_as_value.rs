//! span: both
//! names: 2 values
//! shapes: -
//! expected and found: yes
//! fix: let (both, other)

use netform::network;

network! {
    pub struct Net(left: [16], right: [16]) -> [10] {
        let both = (left, right);
        both -> Dense(10)
    }
}

fn main() {}
