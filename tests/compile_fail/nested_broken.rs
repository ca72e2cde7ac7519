//! span: Dens
//! names: Dens
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dense`?

use netform::network;

network! {
    pub struct Inner(x: [4]) -> [8] { x -> Dens(8) }

    pub struct Net(x: [4]) -> [10] { x -> self::Inner -> Dense(10) }
}

impl Inner {
    /// A user may give a network methods of their own.
    pub fn size() -> usize {
        Self::PARAMS
    }
}

fn main() {}
