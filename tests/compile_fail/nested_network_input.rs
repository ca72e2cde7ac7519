//! span: Inner
//! names: Inner
//! shapes: [16] [12]
//! expected and found: yes
//! fix: bring the value to that shape

use netform::network;

network! {
    pub struct Inner(x: [16]) -> [8] { x -> Dense(8) }

    pub struct Outer(x: [12]) -> [10] {
        x -> inner: self::Inner -> Dense(10)
    }
}

fn main() {}
