//! span: .
//! names: -
//! shapes: -
//! expected and found: -
//! fix: apply layers with `->`

use netform::network;

network! {
    block Tower(x: [width]) { x -> fc: Dense(8) -> Relu }

    pub struct Net(left: [16], right: [16]) -> [1] {
        let a = left -> tower: Tower;
        let b = right -> tower.fc;
        a * b -> Dense(1)
    }
}

fn main() {}
