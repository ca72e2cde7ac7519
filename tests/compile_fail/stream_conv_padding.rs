//! span: DepthwiseConv1d
//! names: DepthwiseConv1d
//! shapes: -
//! expected and found: -
//! fix: `causal`

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 3]) -> [10, 3] {
        x -> DepthwiseConv1d(3, padding = same)
    }
}

fn main() {}
