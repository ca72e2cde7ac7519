//! Films and volumes: convolutions and pools of three axes; pools into so many parts.

use netform::network;

use crate::laws;

laws! {
    a_film: Film<f64>;
    groups_gaps_and_borders: Grouped<f64>;
    sizes_that_are_constants: Named<f64>;
    sizes_that_are_parameters: Sized<2, 3, f64>;
    parts_of_volumes: Parts<f64>;
    parts_of_time: PartsOfTime<f64>;
}

const DEEP: usize = 3;
const CHANNELS: usize = 2;

network! {
    struct Film(x: [2, 4, 4, 2]) -> [3] {
        x -> Conv3d(4, kernel = [2, 3, 3], padding = same) -> Tanh -> MaxPool3d(2)
          -> Conv3d(6, kernel = [2, 2, 1], padding = causal, stride = [1, 2, 1]) -> Relu -> AvgPool3d([1, 1, 2])
          -> GlobalAvgPool -> Dense(3)
    }
    assert PARAMS == (2 * 3 * 3 * 2 * 4 + 4) + (2 * 2 * 4 * 6 + 6) + (6 * 3 + 3);

    struct Grouped(x: [5, 3, 4, 4]) -> [2] {
        x -> Conv3d(4, [2, 1, 2], groups = 2, dilation = [3, 1, 2], padding = [1, 0]) -> Tanh
          -> Conv3d(2, 2, bias = false) -> GlobalMaxPool
    }

    struct Named(x: [DEEP, 2, 3, CHANNELS]) -> [1, 2, 2, 4] {
        x -> Conv3d(4, kernel = [DEEP, 1, 2], groups = CHANNELS) -> Conv3d(4, kernel = 1) -> MaxPool3d(2, stride = 1, padding = [1, 0])
    }

    struct Sized<const C: usize, const F: usize>(x: [3, 2, 2, C]) -> [3, 2, 2, F] {
        x -> Conv3d(F, 2, padding = same) -> Tanh -> Conv3d(F, [2, 1, 1], padding = causal)
    }
    instances [(2, 3)]

    struct Parts(x: [4, 4, 2, 3]) -> [15] {
        let y = x -> Conv3d(3, kernel = 1) -> Tanh;
        concat(y -> AdaptiveMaxPool3d([2, 1, 2]) -> Flatten, y -> AdaptiveAvgPool3d(1) -> Flatten)
    }

    struct PartsOfTime(x: [6, 3]) -> [3, 3] {
        let y = x -> Dense(3) -> Tanh;
        (y -> AdaptiveMaxPool1d(3)) + (y -> AdaptiveAvgPool1d(3))
    }
}
