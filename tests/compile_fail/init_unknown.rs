//! span: Kaiming
//! names: Kaiming
//! shapes: -
//! expected and found: -
//! fix: did you mean `HeNormal`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[init(Kaiming)] Dense(8) -> Dense(10)
    }
}

fn main() {}
