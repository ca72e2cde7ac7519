//! span: Residul
//! names: Residul
//! shapes: -
//! expected and found: -
//! fix: did you mean `Residual`

use netform::network;

network! {
    block Residual(x: [.., width]) { x + (x -> Dense(width) -> Relu) }

    pub struct Net(x: [16]) -> [10] {
        x -> Residul -> Dense(10)
    }
}

fn main() {}
