//! span: BatchNorm
//! names: batch_norm: BatchNorm
//! shapes: -
//! expected and found: -
//! fix: scale = Constant(1.0)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[init(HeNormal)] BatchNorm -> Dense(10)
    }
}

fn main() {}
