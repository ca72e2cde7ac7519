//! span: #
//! names: -
//! shapes: -
//! expected and found: -
//! fix: in front of the layer

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        #[freeze]
        let hidden = x -> Dense(8);
        hidden -> Dense(10)
    }
}

fn main() {}
