//! span: Net
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: another name

use netform::network;

network! {
    pub struct Net<const Net: usize>(x: [Net]) -> [2] {
        x -> Dense(2)
    }
}

fn main() {}
