//! span: SpatialDropout
//! names: SpatialDropout
//! shapes: [4]
//! expected and found: yes
//! fix: Dropout

use netform::network;

network! {
    pub struct Net(x: [4]) -> [4] {
        x -> SpatialDropout(0.5)
    }
}

fn main() {}
