//! span: concat
//! names: concat
//! shapes: [14, 14, 16] [28, 28, 8]
//! expected and found: yes
//! fix: UpSample2d(2)

use netform::network;

network! {
    pub struct Denoiser(image: [28, 28, 1]) -> [28, 28, 1] {
        let high = image -> Conv2d(8, kernel = 3, padding = same) -> Relu;
        let low = high -> MaxPool2d(2) -> Conv2d(16, kernel = 3, padding = same) -> Relu;
        concat(low, high) -> Conv2d(1, kernel = 1)
    }
}

fn main() {}
