//! span: GlorotNormal
//! names: weights
//! shapes: -
//! expected and found: yes
//! fix: remove one

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[init(HeNormal, GlorotNormal)] Dense(8) -> Dense(10)
    }
}

fn main() {}
