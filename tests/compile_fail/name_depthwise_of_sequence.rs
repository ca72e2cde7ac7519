//! span: DepthwiseConv
//! names: DepthwiseConv
//! shapes: -
//! expected and found: -
//! fix: DepthwiseConv1d

use netform::network;

network! {
    pub struct Net(x: [40, 8]) -> [4] {
        x -> DepthwiseConv(3) -> Flatten -> Dense(4)
    }
}

fn main() {}
