//! span: Bilinera
//! names: Bilinera
//! shapes: -
//! expected and found: -
//! fix: Bilinear

use netform::network;

network! {
    pub struct Net(x: [4], y: [5]) -> [3] {
        (x, y) -> Bilinera(8) -> Dense(3)
    }
}

fn main() {}
