//! span: x + (x -> Lstm(3, last = true))
//! names: -
//! shapes: -
//! expected and found: -
//! fix: leave `#[stream]` out

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 3]) -> [10, 3] {
        x + (x -> Lstm(3, last = true))
    }
}

fn main() {}
