//! span: [16]
//! names: -
//! shapes: [24, 16] [16]
//! expected and found: yes
//! fix: last = true

use netform::network;

network! {
    pub struct Gesture(motion: [24, 6]) -> [16] {
        motion -> Gru(16) -> LayerNorm
    }
}

fn main() {}
