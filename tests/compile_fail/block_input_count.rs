//! span: Gate
//! names: gate: Gate
//! shapes: -
//! expected and found: yes
//! fix: in parentheses

use netform::network;

network! {
    block Gate(x: [width], y: [width]) { x + sigmoid(y) -> Dense(width) }

    pub struct Net(x: [16]) -> [10] {
        x -> gate: Gate -> Dense(10)
    }
}

fn main() {}
