//! span: HeNormale
//! names: HeNormale
//! shapes: -
//! expected and found: -
//! fix: did you mean `HeNormal`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[init(HeNormale)] Dense(8) -> Dense(10)
    }
}

fn main() {}
