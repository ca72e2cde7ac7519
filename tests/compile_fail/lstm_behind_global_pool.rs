//! span: Lstm
//! names: lstm: Lstm
//! shapes: [8] [40, 8]
//! expected and found: yes
//! fix: leave out `GlobalAvgPool`

use netform::network;

network! {
    pub struct Net(x: [40, 8]) -> [4] {
        x -> GlobalAvgPool -> Lstm(16, last = true) -> Dense(4)
    }
}

fn main() {}
