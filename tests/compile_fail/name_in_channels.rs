//! span: in_channels
//! names: in_channels
//! shapes: -
//! expected and found: -
//! fix: input sizes are inferred

use netform::network;

network! {
    pub struct Net(image: [8, 8, 3]) -> [3] {
        image -> Conv2d(4, kernel = 3, in_channels = 3) -> Flatten -> Dense(3)
    }
}

fn main() {}
