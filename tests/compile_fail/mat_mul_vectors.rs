//! span: MatMul
//! names: MatMul
//! shapes: [8]
//! expected and found: yes
//! fix: a * b -> Sum

use netform::network;

network! {
    pub struct Net(a: [8], b: [8]) -> [1] {
        (a -> Dense(8), b) -> MatMul
    }
}

fn main() {}
