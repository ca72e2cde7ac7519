//! span: Dense
//! names: tower.fc
//! shapes: 16 12
//! expected and found: yes
//! fix: second layer

use netform::network;

network! {
    block Tower(x: [width]) { x -> fc: Dense(8) -> Relu }

    pub struct Net(left: [16], right: [12]) -> [1] {
        let a = left -> tower: Tower;
        let b = right -> tower;
        a * b -> Dense(1)
    }
}

fn main() {}
