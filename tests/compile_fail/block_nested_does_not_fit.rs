//! span: Conv2d
//! names: b.inner.conv: Conv2d
//! shapes: [2, 2, 3]
//! expected and found: yes
//! fix: smaller window

use netform::network;

network! {
    block Inner(size: usize)(x: [height, columns, channels]) {
        x -> conv: Conv2d(channels, kernel = size)
    }

    block Outer(x: [height, columns, channels]) {
        x -> MaxPool2d(2) -> inner: Inner(5)
    }

    pub struct Net(image: [16, 16, 3]) -> [10] {
        image -> a: Outer -> b: Outer -> Flatten -> Dense(10)
    }
}

fn main() {}
