//! span: true
//! names: RmsNorm
//! shapes: -
//! expected and found: yes
//! fix: 0.5

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> RmsNorm(epsilon = true) -> Dense(10)
    }
}

fn main() {}
