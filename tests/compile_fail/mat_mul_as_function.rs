//! span: mat_mul
//! names: mat_mul
//! shapes: -
//! expected and found: -
//! fix: (a, b) -> MatMul

use netform::network;

network! {
    pub struct Net(a: [4, 3], b: [3, 2]) -> [4, 2] {
        mat_mul(a -> Dense(3), b)
    }
}

fn main() {}
