//! span: Merge
//! names: merge: Merge
//! shapes: [steps, width] [20, 32]
//! expected and found: yes
//! fix: another name than `width`

use netform::network;

network! {
    block Merge(x: [time, width], memory: [steps, width]) {
        x + mean(memory -> Dense(width), axis = 0)
    }

    pub struct Net(x: [8, 16], memory: [20, 32]) -> [10] {
        (x, memory) -> merge: Merge -> Flatten -> Dense(10)
    }
}

fn main() {}
