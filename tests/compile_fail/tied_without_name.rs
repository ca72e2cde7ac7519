//! span: Tied
//! names: Tied
//! shapes: -
//! expected and found: -
//! fix: Tied(embed)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [16] {
        x -> Dense(4) -> Relu -> Tied
    }
}

fn main() {}
