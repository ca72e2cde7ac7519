//! span: Conv1d
//! names: Conv1d
//! shapes: [8, 8, 3]
//! expected and found: yes
//! fix: 2d

use netform::network;

network! {
    pub struct Net(image: [8, 8, 3]) -> [8, 4] {
        image -> Conv1d(4, kernel = 1)
    }
}

fn main() {}
