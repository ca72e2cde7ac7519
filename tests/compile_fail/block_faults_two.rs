//! span: Drpout
//! names: Dens
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dropout`
//! errors: 2

use netform::network;

network! {
    block Feed(x: [width]) { x -> Dens(width) -> Drpout(0.1) }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed -> Feed -> Dense(10)
    }
}

fn main() {}
