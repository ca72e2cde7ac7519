//! span: &[0.0; 5]
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net(x: [4]) -> [2] {
        x -> Dense(2)
    }
}

fn main() {
    let net = Net::new(1);
    let _ = net.predict(&[0.0; 5]);
}
