//! span: alpha
//! names: self::Mine
//! shapes: -
//! expected and found: -
//! fix: in the order

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> self::Mine(alpha = 0.5) -> Dense(10)
    }
}

fn main() {}
