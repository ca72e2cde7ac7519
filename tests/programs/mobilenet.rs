//! The inverted residual of MobileNetV2 (Sandler et al. 2018), narrow outside and wide inside, with a depthwise convolution
//! in the middle; and in the fused form of EfficientNetV2 (Tan and Le 2021), where one 3 × 3 convolution expands.

use netform::prelude::*;

use crate::check::check_some;
use crate::data::{assert_falls, striped};

const FILTERS: usize = 3;

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

    /// 1 × 1 to `expansion` times the channels, each by itself under a window, and 1 × 1 down again.
    block Separable(filters: usize, expansion: usize = 6, stride: usize = 1)(x: [.., channels]) {
        x -> expand: Conv2d(expansion * channels, kernel = 1, bias = false) -> BatchNorm -> Relu
          -> window: DepthwiseConv2d(3, stride = stride, padding = 1, bias = false) -> BatchNorm -> Relu
          -> project: Conv2d(filters, kernel = 1, bias = false) -> BatchNorm
    }

    /// With a way around, where the shape stays.
    block SeparableResidual(x: [.., channels]) {
        x + (x -> Separable(channels))
    }

    /// Stages of 16 and 24 channels.
    pub struct MobileNetV2(image: [32, 32, 3]) -> [10] {
        image -> stem: Conv2d(16, kernel = 3, padding = 1, bias = false) -> BatchNorm -> Relu
              -> Separable(16, expansion = 1) -> first: [SeparableResidual; 2]
              -> Separable(24, stride = 2) -> second: [SeparableResidual; 2]
              -> GlobalAvgPool2d -> head: Dense(10)
    }

    /// Narrow, for small images; the depthwise convolution has two filters a channel, and a function fused into it.
    pub struct SmallMobileNetV2(image: [8, 8, 1]) -> [3] {
        image -> stem: DepthwiseConv2d([3, 2], multiplier = 3, padding = same) -> Tanh
              -> first: [SeparableResidual; 1]
              -> Separable(4, expansion = 2, stride = 2)
              -> DepthwiseConv2d(2, multiplier = 2, bias = false) -> Silu
              -> GlobalAvgPool2d -> head: Dense(3)
    }

    /// As many channels as its user likes.
    pub struct Generic<const CHANNELS: usize>(image: [6, 5, CHANNELS]) -> [2] {
        image -> DepthwiseConv2d(3, stride = 2, padding = same) -> GlobalAvgPool2d -> Dense(2)
    }

    /// Filters by a constant that only the language's own compiler knows.
    pub struct Named(image: [5, 5, 2]) -> [2] {
        image -> DepthwiseConv2d(2, multiplier = FILTERS) -> Conv2d(1, kernel = 2) -> Flatten -> Dense(2)
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
fn separable_parameters() {
    let separable = |from: usize, to: usize, expansion: usize| {
        let width = expansion * from;
        from * width + 2 * width + 9 * width + 2 * width + width * to + 2 * to
    };
    let stages = separable(16, 16, 1) + 2 * separable(16, 16, 6) + separable(16, 24, 6) + 2 * separable(24, 24, 6);
    assert_eq!(MobileNetV2::PARAMS, 27 * 16 + 32 + stages + 24 * 10 + 10);
}

#[test]
fn gradients() {
    check_some::<SmallMobileNet<f64>>(4);
    check_some::<SmallMobileNetV2<f64>>(4);
    check_some::<Generic<3, f64>>(3);
    check_some::<Named<f64>>(3);
}

#[test]
fn stripes_are_told_apart() {
    let mut network = SmallMobileNet::new(1);
    let trainer = Trainer::new(CrossEntropy::new(), Adam::new(0.02)).epochs(5).batch_size(15).silent();
    let history = trainer.fit(&mut network, &striped::<8, 8, 1, 3>(60, 1)).expect("trains");
    assert_falls(&history, 0.5);
}
