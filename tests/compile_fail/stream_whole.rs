//! span: Flatten
//! names: Flatten
//! shapes: -
//! expected and found: -
//! fix: leave `#[stream]` out

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 3]) -> [2] {
        x -> Lstm(4) -> Flatten -> Dense(2)
    }
}

fn main() {}
