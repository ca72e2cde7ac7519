//! span: freze
//! names: freze
//! shapes: -
//! expected and found: -
//! fix: did you mean `freeze`

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        x -> #[freze] Dense(8) -> Dense(10)
    }
}

fn main() {}
