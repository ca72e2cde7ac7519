//! span: Feed
//! names: feed: Feed
//! shapes: [time, width] [8, 16]
//! expected and found: yes
//! fix: bring the value

use netform::network;

network! {
    block Feed(width: usize)(x: [time, width]) { x -> Dense(width) }

    pub struct Net(x: [8, 16]) -> [8, 10] {
        x -> Feed(12) -> Dense(10)
    }
}

fn main() {}
