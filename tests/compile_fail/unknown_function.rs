//! span: conct
//! names: conct
//! shapes: -
//! expected and found: -
//! fix: did you mean `concat`?

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        let y = x -> Dense(4);
        conct(x, y) -> Dense(10)
    }
}

fn main() {}
