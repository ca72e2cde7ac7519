//! span: MatMul
//! names: MatMul
//! shapes: -
//! expected and found: yes
//! fix: (a, b) -> MatMul

use netform::network;

network! {
    pub struct Net(a: [4, 5]) -> [4, 4] {
        a -> Dense(5) -> MatMul
    }
}

fn main() {}
