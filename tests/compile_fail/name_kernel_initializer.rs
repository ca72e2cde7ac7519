//! span: kernel_initializer
//! names: kernel_initializer
//! shapes: -
//! expected and found: -
//! fix: #[init(HeNormal)]

use netform::network;

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> Dense(3, kernel_initializer = he_normal)
    }
}

fn main() {}
