//! Convolutions of sequences and images: causal, with gaps, in groups, transposed.

use netform::network;

use crate::{laws, names};

laws! {
    windows_that_see_no_later_step: Causal<f64>;
    channels_in_groups: Grouped<f64>;
    groups_and_channels_that_are_constants: Named<f64>;
    sizes_that_are_parameters: Sized<3, 2, f64>;
    down_and_up_again: Hourglass<f64>;
    pools_and_more_pixels: Sizes<f64>;
    pools_of_sequences: Steps<f64>;
}

const CHANNELS: usize = 4;
const GROUPS: usize = 2;

network! {
    struct Causal(x: [9, 4]) -> [9, 2] {
        x -> Conv1d(6, kernel = 3, padding = causal, dilation = 2) -> Tanh -> DepthwiseConv1d(2, padding = causal) -> Conv1d(2, 1)
    }
    assert PARAMS == 3 * 4 * 6 + 6 + 2 * 6 + 6 + 6 * 2 + 2;

    struct Grouped(x: [6, 4, 4]) -> [3] {
        let y = x -> Conv2d(4, kernel = 3, padding = same, groups = 2) -> Relu -> MaxPool2d(2);
        y -> Conv2d(4, kernel = [2, 1], groups = 4, dilation = [2, 1], padding = [1, 0]) -> Tanh -> Flatten -> Dense(3)
    }
    assert PARAMS == 3 * 3 * 2 * 4 + 4 + 2 * 4 + 4 + (2 * 3 * 4 + 1) * 3;

    struct Named(x: [8, CHANNELS]) -> [4, 6] {
        x -> Conv1d(6, kernel = 2, stride = 2, groups = GROUPS) -> Tanh -> Conv1d(6, 3, padding = same, groups = GROUPS)
    }

    struct Sized<const C: usize, const F: usize>(x: [5, C]) -> [10, F] {
        x -> Conv1d(F, 3, padding = same) -> Tanh -> ConvTranspose1d(F, 4, stride = 2, padding = same)
    }
    instances [(3, 2)]

    struct Sizes(x: [4, 6, 2]) -> [2] {
        let y = x -> Conv2d(8, kernel = 1) -> Tanh -> PixelShuffle(2) -> AdaptiveMaxPool2d([4, 3]);
        concat(y -> UpSampleBilinear2d -> Crop(1, axes = [0, 1]) -> GlobalMaxPool, y -> AdaptiveAvgPool2d(1) -> Flatten)
            -> Dense(2)
    }

    struct Steps(x: [9, 2]) -> [3] {
        let y = x -> Conv1d(3, 3, padding = same) -> MaxPool1d(2) -> UpSample1d -> AvgPool1d(3, padding = causal);
        (y -> GlobalMaxPool) + (y -> Tanh -> GlobalAvgPool)
    }

    struct Hourglass(x: [4, 6, 2]) -> [4, 6, 2] {
        x -> Conv2d(3, kernel = 3, stride = 2, padding = 1) -> Tanh
            -> up: ConvTranspose2d(2, kernel = 3, stride = 2, padding = 1, output_padding = 1)
    }
}

#[test]
fn a_transposed_convolution_has_its_own_weights() {
    assert_eq!(names::<Hourglass<f64>>(), ["conv2d.weight", "conv2d.bias", "up.weight", "up.bias"]);
}
