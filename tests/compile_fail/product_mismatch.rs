//! span: *
//! names: `*`
//! shapes: [8, 8, 3] [4]
//! expected and found: yes
//! fix: Reshape

use netform::network;

network! {
    pub struct Net(image: [8, 8, 3]) -> [10] {
        let gate = image -> GlobalAvgPool2d -> Dense(4) -> Sigmoid;
        image * gate -> Flatten -> Dense(10)
    }
}

fn main() {}
