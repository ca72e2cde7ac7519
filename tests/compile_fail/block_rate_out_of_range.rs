//! span: rate
//! names: feed: Dropout
//! shapes: 1.5
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    block Feed(rate: f64)(x: [width]) { x -> Dense(width) -> Dropout(rate) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed(1.5) -> Dense(10)
    }
}

fn main() {}
