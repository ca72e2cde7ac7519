//! span: MatMul
//! names: MatMul
//! shapes: [2, ..] [3, ..]
//! expected and found: yes
//! fix: Slice

use netform::network;

network! {
    pub struct Net(a: [2, 4, 5], b: [3, 5, 6]) -> [2, 4, 6] {
        (a -> Conv2d(5, kernel = 1), b) -> MatMul
    }
}

fn main() {}
