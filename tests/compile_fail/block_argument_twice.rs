//! span: hidden
//! names: hidden
//! shapes: -
//! expected and found: -
//! fix: remove one

use netform::network;

network! {
    block Feed(hidden: usize, rate: f64 = 0.1)(x: [.., width]) {
        x -> up: Dense(hidden) -> Gelu -> down: Dense(width) -> Dropout(rate)
    }

    pub struct Net(x: [8, 16]) -> [8, 16] {
        x -> feed: Feed(64, hidden = 32)
    }
}

fn main() {}
