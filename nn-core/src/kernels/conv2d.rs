use super::{GEMM_SCRATCH, activate_in_place, kernels};
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::{Activation, Conv2dGeometry};

/// Scalars of scratch memory of a convolution.
pub const fn conv2d_scratch(geometry: &Conv2dGeometry) -> usize {
    let _ = geometry;
    GEMM_SCRATCH
}

kernels! {
    trait Convolution<T>;

    /// `output = activation(input ⋆ weight + bias)` for `samples` images, where `⋆` is the cross-correlation.
    ///
    /// `input` is `[samples, height, width, channels]`, `weight` is `[kernel height, kernel width, channels, filters]`,
    /// `bias` is `[filters]` or empty, `output` is `[samples, out height, out width, filters]`. `scratch` has
    /// [`conv2d_scratch`] scalars.
    pub fn conv2d_forward(
        geometry: &Conv2dGeometry,
        samples: usize,
        input: &[T],
        weight: &[T],
        bias: &[T],
        activation: Activation,
        output: &mut [T],
        scratch: &mut [T],
    ) = forward;
    /// The gradient of the input, which is overwritten; shapes as in [`conv2d_forward`].
    pub fn conv2d_backward_input(
        geometry: &Conv2dGeometry,
        samples: usize,
        d_output: &[T],
        weight: &[T],
        d_input: &mut [T],
        scratch: &mut [T],
    ) = backward_input;
    /// Adds to the gradient of the weight; shapes as in [`conv2d_forward`].
    pub fn conv2d_backward_weight(
        geometry: &Conv2dGeometry,
        samples: usize,
        input: &[T],
        d_output: &[T],
        d_weight: &mut [T],
        scratch: &mut [T],
    ) = backward_weight;
}

/// Where one output position and one position of the window meet the image.
struct Tap {
    /// The first filter of the output position.
    output: usize,
    /// The first channel of the input position.
    input: usize,
    /// The first weight of the window's position.
    weight: usize,
}

#[inline(always)]
fn for_each_tap(geometry: &Conv2dGeometry, samples: usize, mut visit: impl FnMut(Tap)) {
    let ([height, width, channels], [out_height, out_width, filters]) = (geometry.input, geometry.output);
    let [kernel_height, kernel_width] = geometry.kernel;
    for sample in 0..samples {
        for row in 0..out_height {
            for column in 0..out_width {
                let output = ((sample * out_height + row) * out_width + column) * filters;
                for y in 0..kernel_height {
                    let Some(in_row) = (row * geometry.stride[0] + y).checked_sub(geometry.padding[0]) else {
                        continue;
                    };
                    for x in 0..kernel_width {
                        let Some(in_column) = (column * geometry.stride[1] + x).checked_sub(geometry.padding[1]) else {
                            continue;
                        };
                        if in_row < height && in_column < width {
                            let input = ((sample * height + in_row) * width + in_column) * channels;
                            visit(Tap { output, input, weight: (y * kernel_width + x) * channels * filters });
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn forward<I: Isa, T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    activation: Activation,
    output: &mut [T],
    _scratch: &mut [T],
) {
    let (channels, filters) = (geometry.input[2], geometry.output[2]);
    for output in output.chunks_exact_mut(filters) {
        if bias.is_empty() {
            output.fill(T::zero());
        } else {
            output.copy_from_slice(bias);
        }
    }
    for_each_tap(geometry, samples, |tap| {
        let output = &mut output[tap.output..tap.output + filters];
        let weight = weight[tap.weight..].chunks_exact(filters);
        for (&input, weight) in input[tap.input..tap.input + channels].iter().zip(weight) {
            for (output, &weight) in output.iter_mut().zip(weight) {
                *output = I::mul_add(input, weight, *output);
            }
        }
    });
    activate_in_place(activation, output);
}

#[inline(always)]
fn backward_input<I: Isa, T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    d_output: &[T],
    weight: &[T],
    d_input: &mut [T],
    _scratch: &mut [T],
) {
    let (channels, filters) = (geometry.input[2], geometry.output[2]);
    d_input.fill(T::zero());
    for_each_tap(geometry, samples, |tap| {
        let d_output = &d_output[tap.output..tap.output + filters];
        let weight = weight[tap.weight..].chunks_exact(filters);
        for (d_input, weight) in d_input[tap.input..tap.input + channels].iter_mut().zip(weight) {
            for (&d, &weight) in d_output.iter().zip(weight) {
                *d_input = I::mul_add(d, weight, *d_input);
            }
        }
    });
}

#[inline(always)]
fn backward_weight<I: Isa, T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    _scratch: &mut [T],
) {
    let (channels, filters) = (geometry.input[2], geometry.output[2]);
    for_each_tap(geometry, samples, |tap| {
        let d_output = &d_output[tap.output..tap.output + filters];
        let d_weight = d_weight[tap.weight..].chunks_exact_mut(filters);
        for (&input, d_weight) in input[tap.input..tap.input + channels].iter().zip(d_weight) {
            for (d_weight, &d) in d_weight.iter_mut().zip(d_output) {
                *d_weight = I::mul_add(input, d, *d_weight);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars};
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

    /// Calls `visit` with the indices of output, input and weight of every product that the definition sums.
    fn naive(geometry: &Conv2dGeometry, samples: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let ([height, width, channels], [out_height, out_width, filters]) = (geometry.input, geometry.output);
        for output in 0..samples * out_height * out_width * filters {
            let (filter, position) = (output % filters, output / filters);
            let (column, row) = (position % out_width, position / out_width % out_height);
            for window in 0..geometry.kernel[0] * geometry.kernel[1] * channels {
                let (channel, place) = (window % channels, window / channels);
                let row = (row * geometry.stride[0] + place / geometry.kernel[1]).wrapping_sub(geometry.padding[0]);
                let column =
                    (column * geometry.stride[1] + place % geometry.kernel[1]).wrapping_sub(geometry.padding[1]);
                if row < height && column < width {
                    let sample = position / out_width / out_height;
                    let input = ((sample * height + row) * width + column) * channels + channel;
                    visit(output, input, window * filters + filter);
                }
            }
        }
    }

    fn equals_its_naive_twin<T: Scalar>() {
        let mut numbers = Numbers::new(8);
        for case in 0..60 {
            let geometry = geometry(&mut numbers);
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
            conv2d_forward(&geometry, samples, &input, &weight, &bias, Activation::Relu, &mut output, &mut scratch);
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

    both_scalars! { equals_its_naive_twin }
}
