//! span: freeze
//! names: #[freeze]
//! shapes: -
//! expected and found: -
//! fix: where the block is used

use netform::network;

network! {
    #[freeze]
    block Residual(x: [..]) { x + (x -> Dense(16) -> Relu) }

    pub struct Net(x: [16]) -> [10] {
        x -> Residual -> Dense(10)
    }
}

fn main() {}
