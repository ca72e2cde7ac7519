//! span: SeparableConv1d
//! names: SeparableConv1d
//! shapes: -
//! expected and found: -
//! fix: `stride`

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 3]) -> [5, 4] {
        x -> SeparableConv1d(4, kernel = 3, stride = 2, padding = causal)
    }
}

fn main() {}
