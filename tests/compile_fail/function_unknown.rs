//! span: attend
//! names: attend
//! shapes: -
//! expected and found: -
//! fix: functions are

use netform::network;

network! {
    pub struct Net(x: [16]) -> [10] {
        attend(x) -> Dense(10)
    }
}

fn main() {}
