//! span: #[stream(time)]
//! names: #[stream]
//! shapes: -
//! expected and found: -
//! fix: write `#[stream]`

use netform::network;

network! {
    #[stream(time)]
    pub struct Net(x: [10, 3]) -> [10, 4] {
        x -> Gru(4)
    }
}

fn main() {}
