//! span: [16]
//! names: slice Slice
//! shapes: [1, 16] [16]
//! expected and found: yes
//! fix: Flatten

use netform::network;

network! {
    pub struct Net(x: [9, 16]) -> [16] {
        x -> Dense(16) -> Slice(0..1, axis = 0)
    }
}

fn main() {}
