//! span: Residual
//! names: Residual
//! shapes: -
//! expected and found: -
//! fix: apply it with `-> Residual`

use netform::network;

network! {
    block Residual(x: [.., width]) { x + (x -> Dense(width) -> Relu) }

    pub struct Net(x: [16]) -> [10] {
        x -> Dense(32) -> Relu -> Dense(10)
    }
}

fn main() {}
