//! span: time
//! names: widht
//! shapes: -
//! expected and found: -
//! fix: did you mean `width`
//! errors: 2

use netform::network;

network! {
    block Tower(width: usize)(known: [features]) {
        known -> Dense(2 * width) -> Relu -> Dense(width)
    }

    pub struct Match(user: [20], item: [12], time: [1]) -> [1] {
        let who = user -> user_tower: Tower(widht = 16);
        let what = item -> item_tower: Tower(16);
        sum(who * what)
    }
}

fn main() {}
