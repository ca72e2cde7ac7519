//! span: SCALE
//! names: SCALE
//! shapes: -
//! expected and found: -
//! fix: {SCALE}

use netform::network;

const SCALE: f64 = 0.5;

network! {
    pub struct Net(x: [16]) -> [10] {
        x * SCALE -> Dense(10)
    }
}

fn main() {}
