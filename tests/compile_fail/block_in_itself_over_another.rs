//! span: Left
//! names: Left
//! shapes: -
//! expected and found: -
//! fix: repeat one

use netform::network;

network! {
    block Left(x: [width]) { x -> Dense(width) -> Right }
    block Right(x: [width]) { x -> Relu -> Left }

    pub struct Net(x: [4]) -> [2] {
        x -> Left -> Dense(2)
    }
}

fn main() {}
