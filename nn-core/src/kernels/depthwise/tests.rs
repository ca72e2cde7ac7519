use super::*;
use crate::kernels::testing::{Numbers, random_shapes};
use std::vec;
use std::vec::Vec;

/// Half of them without gaps.
fn geometry(numbers: &mut Numbers) -> ConvGeometry {
    let kernel = [numbers.size(1, 5), numbers.size(1, 7)];
    let stride = [numbers.size(1, 3), numbers.size(1, 3)];
    let dilation = if numbers.size(0, 1) == 0 { [1, 1] } else { [numbers.size(1, 4), numbers.size(1, 3)] };
    let reach = [0, 1].map(|axis| (kernel[axis] - 1) * dilation[axis] + 1);
    let input = [reach[0].max(numbers.size(5, 11)), reach[1].max(numbers.size(7, 13)), numbers.size(1, 41)];
    let padding = [numbers.size(0, 5), numbers.size(0, 4)];
    let behind = numbers.size(0, 1);
    let size = |axis: usize| (input[axis] + padding[axis] + behind - reach[axis]) / stride[axis] + 1;
    let output = [size(0), size(1), input[2] * numbers.size(1, 3)];
    let window = Conv2dGeometry { input, kernel, stride, padding, output };
    ConvGeometry { window, dilation, groups: input[2] }
}

/// Calls `visit` with the indices of output, input and weight of every product that the definition sums.
fn naive(geometry: &ConvGeometry, samples: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let (Conv2dGeometry { input, kernel, stride, padding, output }, [down, right]) =
        (geometry.window, geometry.dilation);
    let ([height, width, channels], [out_height, out_width, filters]) = (input, output);
    for output in 0..samples * out_height * out_width * filters {
        let (filter, position) = (output % filters, output / filters);
        let (column, row) = (position % out_width, position / out_width % out_height);
        for place in 0..kernel[0] * kernel[1] {
            let row = (row * stride[0] + place / kernel[1] * down).wrapping_sub(padding[0]);
            let column = (column * stride[1] + place % kernel[1] * right).wrapping_sub(padding[1]);
            if row < height && column < width {
                let sample = position / out_width / out_height;
                let channel = filter / (filters / channels);
                visit(
                    output,
                    ((sample * height + row) * width + column) * channels + channel,
                    place * filters + filter,
                );
            }
        }
    }
}

fn agrees<T: Scalar>(seed: u64, cases: usize) {
    let mut numbers = Numbers::new(seed);
    for case in 0..cases {
        let geometry = geometry(&mut numbers);
        let filters = geometry.window.output[2];
        let samples = numbers.size(0, 2);
        let input: Vec<T> = numbers.integers(samples * geometry.window.input_len());
        let weight: Vec<T> = numbers.integers(geometry.window.kernel[0] * geometry.window.kernel[1] * filters);
        let bias: Vec<T> = if case % 2 == 0 { numbers.integers(filters) } else { Vec::new() };
        let d_output: Vec<T> = numbers.integers(samples * geometry.window.output_len());
        let mut scratch = vec![T::nan(); depthwise_conv2d_scratch(&geometry)];

        let mut output = vec![T::nan(); d_output.len()];
        let mut expected: Vec<T> =
            (0..output.len()).map(|at| bias.get(at % filters).copied().unwrap_or(T::zero())).collect();
        naive(&geometry, samples, |to, from, by| expected[to] += input[from] * weight[by]);
        let relu = Activation::Relu;
        expected.iter_mut().for_each(|value| *value = value.max(T::zero()));
        depthwise_conv2d_forward(&geometry, samples, &input, &weight, &bias, relu, &mut output, &mut scratch);
        assert_eq!(output, expected, "forward, {geometry:?}");

        let (mut d_input, mut expected) = (vec![T::nan(); input.len()], vec![T::zero(); input.len()]);
        naive(&geometry, samples, |from, to, by| expected[to] += d_output[from] * weight[by]);
        depthwise_conv2d_backward_input(&geometry, samples, &d_output, &weight, &mut d_input, &mut scratch);
        assert_eq!(d_input, expected, "input gradient, {geometry:?}");

        let mut d_weight: Vec<T> = numbers.integers(weight.len());
        let mut expected = d_weight.clone();
        naive(&geometry, samples, |d, from, to| expected[to] += input[from] * d_output[d]);
        depthwise_conv2d_backward_weight(&geometry, samples, &input, &d_output, &mut d_weight, &mut scratch);
        assert_eq!(d_weight, expected, "weight gradient, {geometry:?}");
    }
}

random_shapes! { agrees as equals_its_naive_twin: 240 from 11; }
