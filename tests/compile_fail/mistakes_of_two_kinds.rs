//! span: units
//! names: MaxPool2d
//! shapes: [8]
//! expected and found: yes
//! fix: units = ..
//! errors: 2

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let a = x -> Dense(units: 3) -> Relu;
        let b = x -> Dense(8) -> MaxPool2d(2);
        concat(a, b) -> Dense(10)
    }
}

fn main() {}
