//! span: num_layers
//! names: num_layers
//! shapes: -
//! expected and found: -
//! fix: -> Gru(8) -> Gru(8)

use netform::network;

network! {
    pub struct Net(x: [6, 3]) -> [6, 8] {
        x -> Gru(8, num_layers = 2)
    }
}

fn main() {}
