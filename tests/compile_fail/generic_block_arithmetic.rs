//! span: 4 * width
//! names: 4 * H
//! shapes: -
//! expected and found: -
//! fix: const N: usize

use netform::network;

network! {
    block Wide(x: [width]) { x -> Dense(4 * width) -> Relu -> Dense(width) }

    pub struct Net<const H: usize>(x: [16]) -> [10] {
        x -> Dense(H) -> Wide -> Dense(10)
    }

    instances [16]
}

fn main() {}
