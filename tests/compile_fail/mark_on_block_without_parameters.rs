//! span: freeze
//! names: Act
//! shapes: -
//! expected and found: -
//! fix: with parameters

use netform::network;

network! {
    block Act(x: [.., width]) { x -> Relu -> Dropout(0.1) }

    pub struct Net(x: [16]) -> [10] {
        x -> Dense(8) -> #[freeze] Act -> Dense(10)
    }
}

fn main() {}
