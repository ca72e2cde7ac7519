//! span: rate
//! names: embed
//! shapes: -
//! expected and found: -
//! fix: where `embed` is defined

use netform::network;

network! {
    pub struct Net(x: [16]) -> [16] {
        x -> embed: Dense(4) -> Relu -> #[rate(0.1)] Tied(embed)
    }
}

fn main() {}
