//! span: Net
//! names: Net
//! shapes: -
//! expected and found: -
//! fix: { .. }

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10]
}

fn main() {}
