//! span: GruFrom
//! names: GruFrom
//! shapes: [16, 16] 16
//! expected and found: yes
//! fix: (sequence, state)

use netform::network;

network! {
    pub struct Net(s: [16], t: [10, 16]) -> [10, 16] {
        (s, t -> Dense(16)) -> GruFrom(16)
    }
}

fn main() {}
