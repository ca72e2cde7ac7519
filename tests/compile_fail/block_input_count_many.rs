//! span: Residual
//! names: residual: Residual
//! shapes: -
//! expected and found: yes
//! fix: concat(a, b)

use netform::network;

network! {
    block Residual(x: [.., width]) { x + (x -> Dense(width) -> Relu) }

    pub struct Net(a: [16], b: [16]) -> [10] {
        (a, b) -> Residual -> Dense(10)
    }
}

fn main() {}
