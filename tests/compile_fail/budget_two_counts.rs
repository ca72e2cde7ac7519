//! span: PARAMS
//! names: FLOPS
//! shapes: 645120 92586
//! expected and found: yes
//! fix: raise the budget
//! errors: 2

use netform::network;

network! {
    pub struct Net(image: [28, 28, 1]) -> [10] {
        image -> Conv2d(16, kernel = 5) -> Flatten -> Dense(10)
    }

    assert FLOPS < 100_000 && PARAMS < 1_000;
}

fn main() {}
