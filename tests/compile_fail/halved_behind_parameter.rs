//! span: Dense
//! names: dense
//! shapes: -
//! expected and found: -
//! fix: Reshape([TIME, F])

use netform::network;

const TIME: usize = 6;
const WIDTH: usize = 8;

network! {
    pub struct Net<const V: usize>(x: [TIME, WIDTH]) -> [TIME, V] {
        x -> SwiGlu -> Dense(V)
    }
}

fn main() {}
