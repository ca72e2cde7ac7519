//! span: [28; 28]
//! names: image
//! shapes: [28, 28]
//! expected and found: yes
//! fix: by commas

use netform::network;

network! {
    pub struct Net(image: [28; 28]) -> [10] {
        image -> Flatten -> Dense(10)
    }
}

fn main() {}
