//! span: half
//! names: 2 values
//! shapes: -
//! expected and found: yes
//! fix: let (half, other)

use netform::network;

network! {
    block Halves(x: [width]) { split(x -> Dense(width), 2) }

    pub struct Net(x: [16]) -> [10] {
        let half = x -> Halves;
        half -> Dense(10)
    }
}

fn main() {}
