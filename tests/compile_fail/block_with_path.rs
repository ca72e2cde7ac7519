//! span: Feed
//! names: self::Feed
//! shapes: -
//! expected and found: yes
//! fix: expected `Feed`

use netform::network;

network! {
    block Feed(x: [width]) { x -> Dense(width) }

    pub struct Net(x: [16]) -> [10] {
        x -> self::Feed -> Dense(10)
    }
}

fn main() {}
