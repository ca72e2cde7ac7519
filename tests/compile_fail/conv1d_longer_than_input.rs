//! span: Conv1d
//! names: conv: Conv1d
//! shapes: [4, 3]
//! expected and found: yes
//! fix: padding = same

use netform::network;

network! {
    pub struct Net(x: [4, 3]) -> [4, 8] {
        x -> conv: Conv1d(8, kernel = 3, dilation = 2)
    }
}

fn main() {}
