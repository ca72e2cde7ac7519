//! span: predict
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net(left: [4], right: [4]) -> [2] {
        left * right -> Dense(2)
    }
}

fn main() {
    let net = Net::new(1);
    let _ = net.predict(&[0.0; 4], &[0.0; 4]);
}
