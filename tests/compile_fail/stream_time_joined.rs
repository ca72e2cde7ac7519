//! span: concat
//! names: -
//! shapes: -
//! expected and found: -
//! fix: leave `#[stream]` out

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 3]) -> [20, 3] {
        concat(x, x -> Dense(3), axis = 0)
    }
}

fn main() {}
