//! span: Broadcast
//! names: Broadcast
//! shapes: [3] [5, 4]
//! expected and found: yes
//! fix: size 1

use netform::network;

network! {
    pub struct Net(x: [3]) -> [5, 4] {
        x -> Dense(3) -> Broadcast([5, 4])
    }
}

fn main() {}
