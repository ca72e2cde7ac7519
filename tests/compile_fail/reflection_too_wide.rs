//! span: 4
//! names: ReflectionPad before
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [4, 3]) -> [12, 3] {
        x -> Dense(3) -> ReflectionPad(4, axes = 0)
    }
}

fn main() {}
