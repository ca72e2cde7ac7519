//! span: Dens
//! names: Dens
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dense`?
//! errors: 2

use netform::network;

network! {
    pub struct First(x: [4]) -> [10] { x -> Dens(10) }

    pub struct Second(image: [8, 8, 1]) -> [10] { image -> Conv2d(4, kernel = 9) -> Flatten -> Dense(10) }
}

fn main() {}
