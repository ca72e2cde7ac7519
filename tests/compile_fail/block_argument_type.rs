//! span: 0.1
//! names: hidden
//! shapes: -
//! expected and found: yes
//! fix: a size such as `32`

use netform::network;

network! {
    block Feed(hidden: usize, rate: f64 = 0.1)(x: [.., width]) {
        x -> up: Dense(hidden) -> Gelu -> down: Dense(width) -> Dropout(rate)
    }

    pub struct Net(x: [8, 16]) -> [8, 16] {
        x -> feed: Feed(0.1)
    }
}

fn main() {}
