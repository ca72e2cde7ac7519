//! span: tower
//! names: tower
//! shapes: -
//! expected and found: -
//! fix: second layer

use netform::network;

network! {
    block Tower(x: [width]) { x -> Dense(width) -> norm: BatchNorm -> Relu }

    pub struct Net(left: [16], right: [16]) -> [1] {
        let a = left -> tower: Tower;
        let b = right -> tower;
        a * b -> Dense(1)
    }
}

fn main() {}
