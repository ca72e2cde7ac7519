//! span: concat
//! names: concat
//! shapes: [1, 16] [9, 16]
//! expected and found: yes
//! fix: axis = 0

use netform::network;

network! {
    pub struct Net(x: [9, 16]) -> [10, 16] {
        concat(x -> Learned([1, 16]), x)
    }
}

fn main() {}
