//! span: concat
//! names: concat
//! shapes: [98, 8] [100, 4]
//! expected and found: yes
//! fix: padding = same

use netform::network;

network! {
    pub struct Heard(sound: [100, 4]) -> [2] {
        concat(sound -> Conv1d(8, kernel = 3), sound) -> Gru(8, last = true) -> Dense(2)
    }
}

fn main() {}
