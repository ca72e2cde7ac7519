//! span: y
//! names: -
//! shapes: -
//! expected and found: -
//! fix: leave the attribute out

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 3], y: [10, 2]) -> [10, 5] {
        concat(x, y) -> Dense(5)
    }
}

fn main() {}
