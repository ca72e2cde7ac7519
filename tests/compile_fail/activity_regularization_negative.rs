//! span: -0.1
//! names: ActivityRegularization
//! shapes: -
//! expected and found: yes
//! fix: at least 0

use netform::network;

network! {
    pub struct Net(x: [6]) -> [4] {
        x -> Dense(4) -> ActivityRegularization(l1 = -0.1)
    }
}

fn main() {}
