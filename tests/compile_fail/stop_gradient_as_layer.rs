//! span: StopGradient
//! names: stop_gradient
//! shapes: -
//! expected and found: -
//! fix: stop_gradient(x)

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> Dense(8) -> StopGradient -> Dense(10)
    }
}

fn main() {}
