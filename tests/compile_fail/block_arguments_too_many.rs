//! span: 0.1
//! names: Feed
//! shapes: -
//! expected and found: -
//! fix: remove this one

use netform::network;

network! {
    block Feed(hidden: usize)(x: [.., width]) {
        x -> up: Dense(hidden) -> Gelu -> down: Dense(width)
    }

    pub struct Net(x: [8, 16]) -> [8, 16] {
        x -> feed: Feed(64, 0.1)
    }
}

fn main() {}
