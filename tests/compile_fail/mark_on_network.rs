//! span: freeze
//! names: #[freeze]
//! shapes: -
//! expected and found: yes
//! fix: in front of each layer

use netform::network;

network! {
    #[freeze]
    pub struct Net(x: [784]) -> [10] {
        x -> Dense(10)
    }
}

fn main() {}
