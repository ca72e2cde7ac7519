//! span: LstmFrom
//! names: LstmFrom
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::network;

network! {
    pub struct Net(x: [10, 3], state: [8]) -> [10, 8] {
        (x, state) -> LstmFrom(8)
    }
}

fn main() {}
