//! span: Conv1d
//! names: Conv1d
//! shapes: -
//! expected and found: -
//! fix: `causal`

use netform::network;

network! {
    #[stream]
    pub struct Net<const KERNEL: usize>(x: [10, 3]) -> [10, 4] {
        x -> Conv1d(4, kernel = KERNEL, padding = same)
    }
    instances [(1)]
}

fn main() {}
