//! span: 2
//! names: Crop
//! shapes: [4, 3]
//! expected and found: yes
//! fix: cut off less

use netform::network;

network! {
    pub struct Net(x: [4, 3]) -> [4, 1] {
        x -> Dense(3) -> Crop(2)
    }
}

fn main() {}
