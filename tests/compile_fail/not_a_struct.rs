//! span: enum
//! names: enum
//! shapes: -
//! expected and found: -
//! fix: pub struct Net

use netform::network;

network! {
    enum Net { A }
}

fn main() {}
