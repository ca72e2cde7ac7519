//! span: WORKSPACE_BYTES
//! names: WORKSPACE_BYTES
//! shapes: -
//! expected and found: yes
//! fix: raise the budget

use netform::network;

network! {
    pub struct Net(image: [28, 28, 1]) -> [10] {
        image -> Conv2d(16, kernel = 5) -> MaxPool2d(2) -> Flatten -> Dense(10)
    }

    assert WORKSPACE_BYTES <= 4096;
}

fn main() {}
