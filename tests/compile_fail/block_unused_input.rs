//! span: y
//! names: `y`
//! shapes: -
//! expected and found: -
//! fix: remove it

use netform::network;

network! {
    block Gate(x: [width], y: [width]) { x -> Dense(width) }

    pub struct Net(a: [16], b: [16]) -> [10] {
        (a, b) -> Gate -> Dense(10)
    }
}

fn main() {}
