//! span: GruFrom
//! names: GruFrom
//! shapes: [10, 16] 16 8
//! expected and found: yes
//! fix: state of that size

use netform::network;

network! {
    pub struct Net(t: [10, 16], s: [12, 4]) -> [16] {
        (t, s -> Gru(8, last = true)) -> GruFrom(16) -> Mean(0)
    }
}

fn main() {}
