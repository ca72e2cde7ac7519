//! span: Stage
//! names: stage: Stage
//! shapes: [height, columns, channels] [784]
//! expected and found: yes
//! fix: any number of axes

use netform::network;

network! {
    block Stage(width: usize)(x: [height, columns, channels]) {
        x -> Conv2d(width, kernel = 3, padding = "same") -> Relu
    }

    pub struct Net(image: [28, 28, 1]) -> [10] {
        image -> Flatten -> stage: Stage(16) -> Dense(10)
    }
}

fn main() {}
