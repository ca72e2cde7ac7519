//! span: -0.1
//! names: GaussianNoise
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> GaussianNoise(-0.1)
    }
}

fn main() {}
