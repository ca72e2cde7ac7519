//! span: PARAMS <= 10_000
//! names: Net
//! shapes: -
//! expected and found: yes
//! fix: instances [16, 32]

use netform::network;

network! {
    pub struct Net<const H: usize>(x: [16]) -> [10] {
        x -> Dense(H) -> Relu -> Dense(10)
    }

    assert PARAMS <= 10_000;
}

fn main() {}
