//! span: 7
//! names: Reshape
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [7]) -> [10] {
        x -> Reshape(7) -> Dense(10)
    }
}

fn main() {}
