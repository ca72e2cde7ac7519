//! span: concat
//! names: concat
//! shapes: [20, 16] [3]
//! expected and found: yes
//! fix: last = true

use netform::network;

network! {
    pub struct Net(x: [20, 8], y: [3]) -> [2] {
        let states = x -> Gru(16);
        concat(states, y) -> Dense(2)
    }
}

fn main() {}
