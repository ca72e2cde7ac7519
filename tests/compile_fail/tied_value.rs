//! span: code
//! names: code
//! shapes: -
//! expected and found: yes
//! fix: name the layer

use netform::network;

network! {
    pub struct Net(x: [16]) -> [16] {
        let code = x -> Dense(4) -> Relu;
        code -> Tied(code)
    }
}

fn main() {}
