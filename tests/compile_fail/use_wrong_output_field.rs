//! span: klass
//! names: klass
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net(x: [4]) -> (class: [2], age: [1]) {
        (x -> Dense(2), x -> Dense(1))
    }
}

fn main() {
    let net = Net::new(1);
    let output = net.predict(&[0.0; 4]);
    println!("{:?}", output.klass);
}
