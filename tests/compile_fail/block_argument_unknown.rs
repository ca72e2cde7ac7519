//! span: hiden
//! names: hiden
//! shapes: -
//! expected and found: -
//! fix: did you mean `hidden`

use netform::network;

network! {
    block Feed(hidden: usize, rate: f64 = 0.1)(x: [.., width]) {
        x -> up: Dense(hidden) -> Gelu -> down: Dense(width) -> Dropout(rate)
    }

    pub struct Net(x: [8, 16]) -> [8, 16] {
        x -> feed: Feed(hiden = 64)
    }
}

fn main() {}
