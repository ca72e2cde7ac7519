//! span: MatMul
//! names: MatMul
//! shapes: [20, 8] [7, 20]
//! expected and found: yes
//! fix: [8, _]

use netform::network;

network! {
    pub struct Net(a: [20, 8], b: [7, 20]) -> [20, 20] {
        (a -> Dense(8), b) -> MatMul
    }
}

fn main() {}
