//! span: PARAMS
//! names: Net
//! shapes: 50 40
//! expected and found: yes
//! fix: make the network smaller

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dense(10)
    }
    assert PARAMS <= 40;
}

fn main() {}
