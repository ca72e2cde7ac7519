//! span: ZeroPadding2D
//! names: ZeroPadding2D
//! shapes: -
//! expected and found: -
//! fix: did you mean `Pad`

use netform::network;

network! {
    pub struct Net(image: [8, 8, 1]) -> [10] {
        image -> ZeroPadding2D(2) -> Flatten -> Dense(10)
    }
}

fn main() {}
