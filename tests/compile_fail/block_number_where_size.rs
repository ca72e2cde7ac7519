//! span: 1
//! names: flag
//! shapes: -
//! expected and found: yes
//! fix: `true` or `false`

use netform::network;

network! {
    block Feed(flag: bool = true)(x: [.., width]) { x -> Dense(width, bias = flag) -> Relu }

    pub struct Net(x: [16]) -> [10] {
        x -> Feed(1) -> Dense(10)
    }
}

fn main() {}
