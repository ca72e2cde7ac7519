//! span: Dens
//! names: Dens
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dense`?

use netform::prelude::*;

network! {
    pub struct Net(image: [4], age: [1]) -> (class: [3], size: [2]) {
        let x = concat(image, age) -> Dens(8) -> Relu;
        (x -> Dense(3), x -> Dense(2))
    }
}

fn main() {
    let net = Net::new(1);
    let input = NetInput { image: [0.5; 4], age: [0.2] };
    let NetOutput { class, size } = net.predict(&input);
    println!("{class:?} {size:?}");
}
