//! span: -
//! names: #[rate]
//! shapes: -
//! expected and found: yes
//! fix: at least 0

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[rate(-0.1)] Dense(8) -> Dense(10)
    }
}

fn main() {}
