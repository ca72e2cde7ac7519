//! span: y
//! names: x y
//! shapes: 10 12
//! expected and found: yes
//! fix: 10

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 3], y: [12, 2]) -> [10, 5] {
        x + (y -> Lstm(3, last = true)) -> Dense(5)
    }
}

fn main() {}
