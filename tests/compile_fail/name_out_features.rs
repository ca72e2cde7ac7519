//! span: out_features
//! names: out_features
//! shapes: -
//! expected and found: -
//! fix: did you mean `units`

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> Dense(out_features = 3)
    }
}

fn main() {}
