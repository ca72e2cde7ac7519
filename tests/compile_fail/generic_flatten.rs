//! span: Dense
//! names: fc: Dense
//! shapes: -
//! expected and found: -
//! fix: Flatten(F)

use netform::network;

network! {
    pub struct Net<const H: usize>(image: [8, 8, 1]) -> [10] {
        image -> Conv2d(H, kernel = 3) -> Flatten -> fc: Dense(10)
    }
}

fn main() {}
