//! span: kernel
//! names: kernel
//! shapes: -
//! expected and found: yes
//! fix: by commas

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Conv2d(4 kernel = 3) -> Dense(10)
    }
}

fn main() {}
