//! span: Feed
//! names: hidden
//! shapes: -
//! expected and found: -
//! fix: hidden = ..

use netform::network;

network! {
    block Feed(hidden: usize, rate: f64 = 0.1)(x: [.., width]) {
        x -> up: Dense(hidden) -> Gelu -> down: Dense(width) -> Dropout(rate)
    }

    pub struct Net(x: [8, 16]) -> [8, 16] {
        x -> feed: Feed(rate = 0.2)
    }
}

fn main() {}
