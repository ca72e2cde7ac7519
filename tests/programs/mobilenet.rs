//! The inverted residual of MobileNetV2 (Sandler et al. 2018), narrow outside and wide inside, in the fused form of
//! EfficientNetV2 (Tan and Le 2021): one 3 × 3 convolution expands. There is no depthwise convolution yet.

use netform::prelude::*;

use crate::check::check_some;
use crate::data::{assert_falls, striped};

network! {
    /// Channels weigh one another, by what they are on average (Hu et al. 2017).
    block SqueezeExcite(squeezed: usize)(x: [.., channels]) {
        let weights = x -> GlobalAvgPool2d -> Dense(squeezed) -> Silu -> Dense(channels) -> Sigmoid;
        x * weights
    }

    /// To `expansion` times the channels, and down to `filters`, which nothing but a scale follows.
    block Inverted(filters: usize, expansion: usize = 4, stride: usize = 1)(x: [.., channels]) {
        x -> expand: Conv2d(expansion * channels, kernel = 3, stride = stride, padding = 1, bias = false)
          -> BatchNorm -> Silu
          -> SqueezeExcite(channels / 4 + 1)
          -> project: Conv2d(filters, kernel = 1, bias = false) -> BatchNorm
    }

    /// With a way around, where the shape stays.
    block InvertedResidual(x: [.., channels]) {
        x + (x -> Inverted(channels))
    }

    /// A stage of 24 and one of 48 channels.
    pub struct MobileNet(image: [32, 32, 3]) -> [10] {
        image -> stem: Conv2d(24, kernel = 3, padding = 1, bias = false) -> BatchNorm -> Silu
              -> first: [InvertedResidual; 2]
              -> Inverted(48, stride = 2) -> second: [InvertedResidual; 3]
              -> GlobalAvgPool2d -> head: Dense(10)
    }

    /// Narrow, for small images.
    pub struct SmallMobileNet(image: [8, 8, 1]) -> [3] {
        image -> stem: Conv2d(3, kernel = 3, padding = 1, bias = false) -> BatchNorm -> Silu
              -> first: [InvertedResidual; 2]
              -> Inverted(4, expansion = 2, stride = 2) -> second: [InvertedResidual; 1]
              -> GlobalAvgPool2d -> head: Dense(3)
    }
}

#[test]
fn parameters() {
    let inverted = |from: usize, to: usize, width: usize| {
        let squeezed = from / 4 + 1;
        let excite = width * squeezed + squeezed + squeezed * width + width;
        9 * from * width + 2 * width + excite + width * to + 2 * to
    };
    let stem = 27 * 24 + 48;
    let stages = 2 * inverted(24, 24, 96) + inverted(24, 48, 96) + 3 * inverted(48, 48, 192);
    assert_eq!(MobileNet::PARAMS, stem + stages + 48 * 10 + 10);
}

#[test]
fn gradients() {
    check_some::<SmallMobileNet<f64>>(4);
}

#[test]
fn stripes_are_told_apart() {
    let mut network = SmallMobileNet::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(0.02)).epochs(5).batch_size(15).silent();
    let history = trainer.fit(&mut network, &striped::<8, 8, 1, 3>(60, 1)).expect("trains");
    assert_falls(&history, 0.5);
}
