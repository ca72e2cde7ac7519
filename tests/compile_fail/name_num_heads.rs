//! span: num_heads
//! names: num_heads
//! shapes: -
//! expected and found: -
//! fix: did you mean `heads`

use netform::network;

network! {
    pub struct Net(x: [6, 8]) -> [6, 8] {
        x -> Attention(num_heads = 4)
    }
}

fn main() {}
