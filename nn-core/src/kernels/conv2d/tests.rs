use super::*;
use crate::kernels::testing::{Numbers, random_shapes};
use std::vec;
use std::vec::Vec;

fn geometry(numbers: &mut Numbers) -> Conv2dGeometry {
    let kernel = [numbers.size(1, 4), numbers.size(1, 4)];
    let stride = [numbers.size(1, 3), numbers.size(1, 3)];
    let input = [numbers.size(4, 11), numbers.size(4, 11), numbers.size(1, 5)];
    let padding = [numbers.size(0, 5), numbers.size(0, 2)];
    let behind = numbers.size(0, 1);
    let size = |axis: usize| (input[axis] + padding[axis] + behind - kernel[axis]) / stride[axis] + 1;
    Conv2dGeometry { input, kernel, stride, padding, output: [size(0), size(1), numbers.size(1, 35)] }
}

/// A square image and window, with the same border on every side.
const fn square(size: usize, channels: usize, filters: usize, [kernel, stride, padding]: [usize; 3]) -> Conv2dGeometry {
    let out = (size + 2 * padding - kernel) / stride + 1;
    Conv2dGeometry {
        input: [size, size, channels],
        kernel: [kernel; 2],
        stride: [stride; 2],
        padding: [padding; 2],
        output: [out, out, filters],
    }
}

/// One for each way, and for each of their special cases.
const CHOSEN: [Conv2dGeometry; 16] = [
    // Plain products.
    square(5, 3, 4, [1, 1, 0]),
    square(1, 1, 1, [1, 1, 0]),
    // One position in the window, but not a plain product.
    square(5, 9, 2, [1, 2, 0]),
    square(3, 2, 20, [1, 1, 1]),
    // In place: one block, several, with and without a border; its adjoint likewise.
    square(9, 16, 20, [3, 1, 1]),
    square(40, 17, 33, [3, 1, 2]),
    square(41, 33, 16, [3, 2, 0]),
    square(20, 16, 130, [5, 1, 0]),
    // Small images that are gathered; windows of one part and of several.
    square(4, 40, 12, [3, 1, 1]),
    square(3, 150, 20, [3, 1, 1]),
    square(2, 260, 3, [2, 1, 1]),
    square(17, 1, 8, [5, 1, 0]),
    // Few filters, and few channels in the gradient: one block of patches, and several.
    square(12, 24, 3, [3, 1, 1]),
    square(70, 6, 2, [4, 1, 1]),
    square(75, 7, 9, [3, 2, 1]),
    square(30, 19, 5, [7, 3, 3]),
];

/// Calls `visit` with the indices of output, input and weight of every product that the definition sums.
fn naive(geometry: &Conv2dGeometry, samples: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let ([height, width, channels], [out_height, out_width, filters]) = (geometry.input, geometry.output);
    for output in 0..samples * out_height * out_width * filters {
        let (filter, position) = (output % filters, output / filters);
        let (column, row) = (position % out_width, position / out_width % out_height);
        for window in 0..geometry.kernel[0] * geometry.kernel[1] * channels {
            let (channel, place) = (window % channels, window / channels);
            let row = (row * geometry.stride[0] + place / geometry.kernel[1]).wrapping_sub(geometry.padding[0]);
            let column = (column * geometry.stride[1] + place % geometry.kernel[1]).wrapping_sub(geometry.padding[1]);
            if row < height && column < width {
                let sample = position / out_width / out_height;
                let input = ((sample * height + row) * width + column) * channels + channel;
                visit(output, input, window * filters + filter);
            }
        }
    }
}

fn agrees<T: Scalar>(seed: u64, cases: usize) {
    let mut numbers = Numbers::new(seed);
    let random: Vec<Conv2dGeometry> = (0..cases).map(|_| geometry(&mut numbers)).collect();
    for (case, geometry) in random.into_iter().chain(CHOSEN).enumerate() {
        let ([height, width, channels], [out_height, out_width, filters]) = (geometry.input, geometry.output);
        let samples = numbers.size(0, 3);
        let input: Vec<T> = numbers.integers(samples * height * width * channels);
        let weight: Vec<T> = numbers.integers(geometry.kernel[0] * geometry.kernel[1] * channels * filters);
        let bias: Vec<T> = if case % 2 == 0 { numbers.integers(filters) } else { Vec::new() };
        let d_output: Vec<T> = numbers.integers(samples * out_height * out_width * filters);
        let mut scratch = vec![T::nan(); conv2d_scratch(&geometry)];

        let mut output = vec![T::nan(); d_output.len()];
        let mut expected: Vec<T> =
            (0..output.len()).map(|at| bias.get(at % filters).copied().unwrap_or(T::zero())).collect();
        naive(&geometry, samples, |to, from, by| expected[to] += input[from] * weight[by]);
        expected.iter_mut().for_each(|value| *value = value.max(T::zero()));
        let (relu, own) = (Activation::Relu, &mut scratch[..conv2d_forward_scratch(&geometry, samples)]);
        conv2d_forward(&geometry, samples, &input, &weight, &bias, relu, &mut output, own);
        assert_eq!(output, expected, "forward, {geometry:?}");

        let (mut d_input, mut expected) = (vec![T::nan(); input.len()], vec![T::zero(); input.len()]);
        naive(&geometry, samples, |from, to, by| expected[to] += d_output[from] * weight[by]);
        conv2d_backward_input(&geometry, samples, &d_output, &weight, &mut d_input, &mut scratch);
        assert_eq!(d_input, expected, "input gradient, {geometry:?}");

        let mut d_weight: Vec<T> = numbers.integers(weight.len());
        let mut expected = d_weight.clone();
        naive(&geometry, samples, |d, from, to| expected[to] += input[from] * d_output[d]);
        conv2d_backward_weight(&geometry, samples, &input, &d_output, &mut d_weight, &mut scratch);
        assert_eq!(d_weight, expected, "weight gradient, {geometry:?}");
    }
}

random_shapes! { agrees as equals_its_naive_twin: 60 from 8; }
