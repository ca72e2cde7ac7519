//! span: Slice
//! names: Slice
//! shapes: -
//! expected and found: yes
//! fix: ..6

use netform::network;

const END: usize = 7;

network! {
    pub struct Net(x: [4, 6]) -> [4, 10] {
        x -> Slice(..END) -> Dense(10)
    }
}

fn main() {}
