//! span: concat
//! names: concat
//! shapes: [15, 15, 16] [14, 14, 16]
//! expected and found: yes
//! fix: padding = same

use netform::network;

network! {
    pub struct Denoiser(image: [14, 14, 16]) -> [14, 14, 1] {
        let low = image -> MaxPool2d(2) -> Conv2d(24, kernel = 3, padding = same) -> Relu;
        concat(low -> ConvTranspose2d(16, kernel = 3, stride = 2), image) -> Conv2d(1, kernel = 1)
    }
}

fn main() {}
