//! span: gru
//! names: gru
//! shapes: -
//! expected and found: -
//! fix: leave `#[stream]` out

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 3]) -> [10, 4] {
        x -> gru: Gru(4, reverse = true)
    }
}

fn main() {}
