//! span: Flatten
//! names: Flatten
//! shapes: [32, 32, 3]
//! expected and found: yes
//! fix: write 3072

use netform::network;

network! {
    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> Flatten(3000) -> Dense(10)
    }
}

fn main() {}
