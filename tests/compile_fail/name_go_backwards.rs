//! span: go_backwards
//! names: go_backwards
//! shapes: -
//! expected and found: -
//! fix: did you mean `reverse`

use netform::network;

network! {
    pub struct Net(x: [6, 3]) -> [6, 8] {
        x -> Rnn(8, go_backwards = true)
    }
}

fn main() {}
