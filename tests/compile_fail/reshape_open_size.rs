//! span: [-1, 4]
//! names: Reshape
//! shapes: -
//! expected and found: yes
//! fix: no size is left open

use netform::network;

network! {
    pub struct Net(x: [28, 28]) -> [10] {
        x -> Reshape([-1, 4]) -> Flatten -> Dense(10)
    }
}

fn main() {}
