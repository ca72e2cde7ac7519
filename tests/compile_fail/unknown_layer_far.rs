//! span: Transformer
//! names: Transformer
//! shapes: -
//! expected and found: -
//! fix: self::Transformer

use netform::network;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Transformer(8) -> Dense(10)
    }
}

fn main() {}
