//! span: +
//! names: `+`
//! shapes: [16] [32]
//! expected and found: yes
//! fix: of that size

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        let wide = x -> Dense(32);
        x + wide -> Dense(10)
    }
}

fn main() {}
