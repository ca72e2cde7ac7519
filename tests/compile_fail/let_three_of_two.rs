//! span: q
//! names: -
//! shapes: -
//! expected and found: yes
//! fix: name every value

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let (q, k, v) = split(x -> Dense(48), 2);
        q * k + v -> Dense(10)
    }
}

fn main() {}
