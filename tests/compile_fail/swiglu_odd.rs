//! span: SwiGlu
//! names: SwiGlu
//! shapes: [33]
//! expected and found: yes
//! fix: Dense(34)

use netform::network;

network! {
    pub struct Net(x: [4]) -> [16] {
        x -> Dense(33) -> SwiGlu
    }
}

fn main() {}
