//! span: Dens
//! names: Dens
//! shapes: -
//! expected and found: yes
//! fix: did you mean `Dense`?
//! errors: 2

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let a = x -> Dens(4);
        let b = x -> Dense(0);
        (a + b) -> Dense(10)
    }
}

fn main() {}
