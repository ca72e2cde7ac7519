//! span: attention
//! names: attention
//! shapes: -
//! expected and found: -
//! fix: functions are

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        attention(x) -> Dense(10)
    }
}

fn main() {}
