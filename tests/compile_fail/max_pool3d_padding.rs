//! span: 2
//! names: MaxPool3d
//! shapes: -
//! expected and found: yes
//! fix: less than the window

use netform::network;

network! {
    pub struct Net(x: [4, 4, 4, 2]) -> [2] {
        x -> MaxPool3d(2, padding = 2) -> GlobalMaxPool
    }
}

fn main() {}
