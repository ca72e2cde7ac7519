//! span: [0.0; 3]
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net(image: [8, 8, 1], age: [1]) -> [2] {
        concat(image -> Flatten, age) -> Dense(2)
    }
}

fn main() {
    let net = Net::new(1);
    let _ = net.predict(&NetInput { image: [[[0.0; 3]; 8]; 8], age: [1.0] });
}
