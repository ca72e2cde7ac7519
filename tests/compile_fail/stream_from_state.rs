//! span: GruFrom
//! names: GruFrom
//! shapes: -
//! expected and found: -
//! fix: leave `#[stream]` out

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [9, 4]) -> [9, 4] {
        let memory = x -> Gru(4, last = true);
        (x, memory) -> GruFrom(4)
    }
}

fn main() {}
