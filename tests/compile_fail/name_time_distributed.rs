//! span: TimeDistributed
//! names: TimeDistributed
//! shapes: -
//! expected and found: -
//! fix: leave `TimeDistributed` out

use netform::network;

network! {
    pub struct Net(x: [6, 3]) -> [6, 4] {
        x -> TimeDistributed(Dense(4))
    }
}

fn main() {}
