//! span: f64
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net<const H: usize>(x: [4]) -> [2] {
        x -> Dense(H) -> Dense(2)
    }
}

fn main() {
    let _ = Net::<f64>::new(1);
}
