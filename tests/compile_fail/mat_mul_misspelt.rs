//! span: transpose_b
//! names: transpose_b
//! shapes: -
//! expected and found: -
//! fix: transposed

use netform::network;

network! {
    pub struct Net(a: [9, 16], b: [8, 16]) -> [9, 8] {
        (a -> Dense(16), b) -> MatMul(transpose_b = true)
    }
}

fn main() {}
