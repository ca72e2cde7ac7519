//! span: =
//! names: const parameters
//! shapes: -
//! expected and found: -
//! fix: type Small = Net<16>

use netform::network;

network! {
    pub struct Net<const H: usize = 16>(x: [16]) -> [10] {
        x -> Dense(H) -> Dense(10)
    }
}

fn main() {}
