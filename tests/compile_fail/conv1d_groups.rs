//! span: 4
//! names: Conv1d
//! shapes: [8, 6]
//! expected and found: yes
//! fix: 3 and 6

use netform::network;

network! {
    pub struct Net(x: [8, 6]) -> [8, 8] {
        x -> Conv1d(8, kernel = 1, groups = 4)
    }
}

fn main() {}
