//! span: Net
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: image: [28, 28, 1]

use netform::network;

network! {
    pub struct Net -> [10] { x -> Dense(10) }
}

fn main() {}
