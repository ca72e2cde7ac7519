//! span: *
//! names: *
//! shapes: [20, 8] [8, 6]
//! expected and found: yes
//! fix: MatMul

use netform::network;

network! {
    pub struct Net(a: [20, 8], b: [8, 6]) -> [20, 6] {
        a * b -> Dense(6)
    }
}

fn main() {}
