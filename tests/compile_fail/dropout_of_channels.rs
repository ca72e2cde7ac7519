//! span: Dropout2d
//! names: Dropout2d
//! shapes: -
//! expected and found: -
//! fix: SpatialDropout

use netform::network;

network! {
    pub struct Net(x: [8, 8, 3]) -> [8, 8, 3] {
        x -> Conv2d(3, 1) -> Dropout2d(0.5)
    }
}

fn main() {}
