//! span: Conv1d
//! names: Conv1d
//! shapes: -
//! expected and found: -
//! fix: write `padding = causal`

use netform::network;

network! {
    #[stream]
    pub struct Net(x: [10, 3]) -> [10, 8] {
        x -> Conv1d(8, 3, padding = same)
    }
}

fn main() {}
