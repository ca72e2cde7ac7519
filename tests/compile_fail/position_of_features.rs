//! span: SinusoidalPosition
//! names: SinusoidalPosition
//! shapes: [8]
//! expected and found: yes
//! fix: Embedding

use netform::network;

network! {
    pub struct Net(x: [8]) -> [8] {
        x -> SinusoidalPosition
    }
}

fn main() {}
