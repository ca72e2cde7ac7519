//! span: +
//! names: stage.0: +
//! shapes: [32, 32, 16] [30, 30, 16]
//! expected and found: yes
//! fix: did you mean `PARAMS`
//! errors: 3

use netform::network;

network! {
    /// Two convolutions around which the value goes on.
    block Residual(rate: f64 = 0.1)(x: [height, columns, channels]) {
        let inner = x -> Conv2d(channels, kernel = 3, padding = same) -> BatchNorm -> Relu
                      -> Conv2d(channels, kernel = 3) -> Dropout(rate);
        x + inner -> Relu
    }

    pub struct ResNet(image: [32, 32, 3]) -> [10] {
        image -> stem: Conv2d(16, kernel = 3, padding = same)
              -> stage: [Residual(0.2); 3]
              -> head: GlobalAveragePooling2D -> Dense(10)
    }

    assert PARAM <= 100_000;
}

fn main() {}
