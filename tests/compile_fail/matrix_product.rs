//! span: @
//! names: @
//! shapes: -
//! expected and found: -
//! fix: MatMul

use netform::network;

network! {
    pub struct Net(a: [20, 8], b: [8, 20]) -> [20, 20] {
        a @ b
    }
}

fn main() {}
