//! span: Conv2d
//! names: second.conv: Conv2d
//! shapes: [5408]
//! expected and found: yes
//! fix: leave out `Flatten`

use netform::network;

network! {
    block Stage(filters: usize)(x: [.., channels]) {
        x -> conv: Conv2d(filters, kernel = 3) -> Relu
    }

    pub struct Net(image: [28, 28, 1]) -> [10] {
        image -> first: Stage(8) -> Flatten -> second: Stage(16) -> Dense(10)
    }
}

fn main() {}
