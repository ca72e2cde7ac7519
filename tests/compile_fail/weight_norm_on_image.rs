//! span: WeightNormDense
//! names: WeightNormDense
//! shapes: [6, 6, 3]
//! expected and found: yes
//! fix: Flatten

use netform::network;

network! {
    pub struct Net(x: [6, 6, 3]) -> [4] {
        x -> WeightNormDense(4)
    }
}

fn main() {}
