//! span: 1.5
//! names: fc: Dense
//! shapes: [8, 8, 3]
//! expected and found: yes
//! fix: Flatten
//! errors: 3

use netform::network;

network! {
    pub struct Net(image: [8, 8, 3]) -> [10] {
        let a = image -> Dropout(1.5) -> Flatten;
        let b = image -> fc: Dense(12);
        let c = (image -> Flatten) + d;
        concat(a, b, c) -> Dense(10)
    }
}

fn main() {}
