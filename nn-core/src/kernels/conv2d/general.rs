//! Convolutions whose window has gaps, or whose filters see some channels only: the patches of one group are copied into a
//! matrix, a block of positions at a time. Dense convolutions of all channels go the faster ways.

use super::super::{Epilogue, Matrix, Store, activate_in_place, add_columns, copy_columns, gemm, kernels};
use super::{
    conv2d_backward_input, conv2d_backward_weight, conv2d_forward, conv2d_forward_scratch, conv2d_scratch, divide,
    forward_product, product_scratch, rows_at_once,
};
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::{Activation, ConvGeometry};

const fn is_dense(geometry: &ConvGeometry) -> bool {
    geometry.dilation[0] == 1 && geometry.dilation[1] == 1 && geometry.groups == 1
}

/// Sizes of one group.
#[derive(Clone, Copy)]
struct Group {
    channels: usize,
    filters: usize,
    /// Scalars under the window.
    patch: usize,
    /// Positions of the window.
    positions: usize,
    /// Positions whose patches are made at once.
    block: usize,
}

const fn group(geometry: &ConvGeometry) -> Group {
    let window = &geometry.window;
    let (channels, filters) = (window.input[2] / geometry.groups, window.output[2] / geometry.groups);
    let patch = window.kernel[0] * window.kernel[1] * channels;
    let positions = window.output[0] * window.output[1];
    Group { channels, filters, patch, positions, block: rows_at_once(patch + filters, positions) }
}

/// Scalars of scratch memory of a convolution, for all three functions.
pub const fn conv_scratch(geometry: &ConvGeometry) -> usize {
    if is_dense(geometry) {
        return conv2d_scratch(&geometry.window);
    }
    let Group { filters, patch, block, .. } = group(geometry);
    let products = if block > patch { block } else { patch } * filters;
    block * patch + products + product_scratch(&geometry.window)
}

/// Scalars of scratch memory of [`conv_forward`] alone, for at most so many samples.
pub const fn conv_forward_scratch(geometry: &ConvGeometry, samples: usize) -> usize {
    if is_dense(geometry) {
        return conv2d_forward_scratch(&geometry.window, samples);
    }
    let Group { filters, patch, block, .. } = group(geometry);
    block * (patch + filters) + forward_product(&geometry.window, [block, patch, filters])
}

/// `output = activation(input ⋆ weight + bias)` for `samples` images.
///
/// `input` is `[samples, height, width, channels]`, `weight` is
/// `[kernel height, kernel width, channels / groups, filters]`, `bias` is `[filters]` or empty, `output` is
/// `[samples, out height, out width, filters]`. Filters lie group by group. `scratch` has [`conv_scratch`] scalars.
pub fn conv_forward<T: Scalar>(
    geometry: &ConvGeometry,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    activation: Activation,
    output: &mut [T],
    scratch: &mut [T],
) {
    if is_dense(geometry) {
        return conv2d_forward(&geometry.window, samples, input, weight, bias, activation, output, scratch);
    }
    let (Group { filters, patch, block, .. }, width) = (group(geometry), geometry.window.output[2]);
    let (patches, rest) = scratch.split_at_mut(block * patch);
    let (products, scratch) = divide(&geometry.window, block * filters, rest);
    for_each_block(geometry, samples, |part| {
        let image = &input[part.sample * geometry.window.input_len()..][..geometry.window.input_len()];
        gather_taps(geometry, part.group, part.first, part.count, image, patches);
        let bias = bias.get(part.group * filters..(part.group + 1) * filters).unwrap_or(&[]);
        let weight = Matrix::rows(&weight[part.group * filters..], width);
        let products = &mut products[..part.count * filters];
        let shape = [part.count, filters, patch];
        let epilogue = Epilogue { bias, activation };
        gemm(shape, Matrix::rows(patches, patch), weight, products, Store::Overwrite, epilogue, scratch);
        let rows = &mut output[part.row * width..][..part.count * width];
        copy_columns(products, filters, 0, rows, width, part.group * filters, filters);
    });
}

/// Adds to the gradient of the weight; shapes as in [`conv_forward`].
pub fn conv_backward_weight<T: Scalar>(
    geometry: &ConvGeometry,
    samples: usize,
    input: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    if is_dense(geometry) {
        return conv2d_backward_weight(&geometry.window, samples, input, d_output, d_weight, scratch);
    }
    let (Group { filters, patch, block, .. }, width) = (group(geometry), geometry.window.output[2]);
    let (patches, rest) = scratch.split_at_mut(block * patch);
    let (products, scratch) = divide(&geometry.window, patch * filters, rest);
    for_each_block(geometry, samples, |part| {
        let image = &input[part.sample * geometry.window.input_len()..][..geometry.window.input_len()];
        gather_taps(geometry, part.group, part.first, part.count, image, patches);
        let d_rows = Matrix::rows(&d_output[part.row * width + part.group * filters..], width);
        let products = &mut products[..patch * filters];
        let shape = [patch, filters, part.count];
        let patches = Matrix::rows(patches, patch).transposed();
        gemm(shape, patches, d_rows, products, Store::Overwrite, Epilogue::NONE, scratch);
        add_columns(products, filters, 0, d_weight, width, part.group * filters, filters);
    });
}

/// The gradient of the input, which is overwritten; shapes as in [`conv_forward`].
pub fn conv_backward_input<T: Scalar>(
    geometry: &ConvGeometry,
    samples: usize,
    d_output: &[T],
    weight: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    if is_dense(geometry) {
        return conv2d_backward_input(&geometry.window, samples, d_output, weight, d_input, scratch);
    }
    let (Group { filters, patch, block, .. }, width) = (group(geometry), geometry.window.output[2]);
    let (patches, rest) = scratch.split_at_mut(block * patch);
    let (_, scratch) = divide(&geometry.window, 0, rest);
    d_input.fill(T::zero());
    for_each_block(geometry, samples, |part| {
        let d_rows = Matrix::rows(&d_output[part.row * width + part.group * filters..], width);
        let weight = Matrix::rows(&weight[part.group * filters..], width).transposed();
        let patches = &mut patches[..part.count * patch];
        let shape = [part.count, patch, filters];
        gemm(shape, d_rows, weight, patches, Store::Overwrite, Epilogue::NONE, scratch);
        let d_image = &mut d_input[part.sample * geometry.window.input_len()..][..geometry.window.input_len()];
        add_taps(geometry, part.group, part.first, part.count, patches, d_image);
    });
}

/// The transposed convolution `output = activation(weight ⋆ᵀ input + bias)`: the gradient of the input of a convolution with
/// this geometry, whose output is `input` here, and whose input is `output`. `bias` is as long as the output has channels.
pub fn conv_transpose_forward<T: Scalar>(
    geometry: &ConvGeometry,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    activation: Activation,
    output: &mut [T],
    scratch: &mut [T],
) {
    conv_backward_input(geometry, samples, input, weight, output, scratch);
    if !bias.is_empty() {
        add_to_rows(bias, output);
    }
    activate_in_place(activation, output);
}

/// Some positions of one sample, and one group.
struct Part {
    sample: usize,
    group: usize,
    first: usize,
    count: usize,
    /// The first position, counted through all samples.
    row: usize,
}

#[inline(always)]
fn for_each_block(geometry: &ConvGeometry, samples: usize, mut visit: impl FnMut(Part)) {
    let Group { positions, block, .. } = group(geometry);
    for sample in 0..samples {
        for group in 0..geometry.groups {
            for first in (0..positions).step_by(block) {
                let count = block.min(positions - first);
                visit(Part { sample, group, first, count, row: sample * positions + first });
            }
        }
    }
}

kernels! {
    trait TapPatches<T>;

    /// Copies what lies under the window at `count` positions from `first` on: one group's channels, zeros outside the image.
    pub(crate) fn gather_taps(
        geometry: &ConvGeometry,
        group: usize,
        first: usize,
        count: usize,
        image: &[T],
        patches: &mut [T],
    ) = gather_taps_body;
    /// The other way round: adds patches of gradients to the image's.
    pub(crate) fn add_taps(
        geometry: &ConvGeometry,
        group: usize,
        first: usize,
        count: usize,
        patches: &[T],
        d_image: &mut [T],
    ) = add_taps_body;
    /// Adds `bias` to every row.
    pub(crate) fn add_to_rows(bias: &[T], rows: &mut [T]) = add_to_rows_body;
}

#[inline(always)]
fn gather_taps_body<I: Isa, T: Scalar>(
    geometry: &ConvGeometry,
    group: usize,
    first: usize,
    count: usize,
    image: &[T],
    patches: &mut [T],
) {
    let channels = self::group(geometry).channels;
    for_each_tap(geometry, group, first, count, |tap, pixel| {
        let to = &mut patches[tap * channels..][..channels];
        match pixel {
            Some(pixel) => to.copy_from_slice(&image[pixel..][..channels]),
            None => to.fill(T::zero()),
        }
    });
}

#[inline(always)]
fn add_taps_body<I: Isa, T: Scalar>(
    geometry: &ConvGeometry,
    group: usize,
    first: usize,
    count: usize,
    patches: &[T],
    d_image: &mut [T],
) {
    let channels = self::group(geometry).channels;
    for_each_tap(geometry, group, first, count, |tap, pixel| {
        let Some(pixel) = pixel else { return };
        let terms = &patches[tap * channels..][..channels];
        for (sum, &term) in d_image[pixel..][..channels].iter_mut().zip(terms) {
            *sum += term;
        }
    });
}

#[inline(always)]
fn add_to_rows_body<I: Isa, T: Scalar>(bias: &[T], rows: &mut [T]) {
    for row in rows.chunks_exact_mut(bias.len()) {
        for (value, &bias) in row.iter_mut().zip(bias) {
            *value += bias;
        }
    }
}

/// Calls `visit` with the number of each element of each window, and where the group's channels begin in its pixel; nowhere
/// outside the image.
#[inline(always)]
fn for_each_tap(
    geometry: &ConvGeometry,
    group: usize,
    first: usize,
    count: usize,
    mut visit: impl FnMut(usize, Option<usize>),
) {
    let (window, [down, right]) = (&geometry.window, geometry.dilation);
    let ([height, width, channels], [above, left]) = (window.input, window.padding);
    let start = group * self::group(geometry).channels;
    let mut tap = 0;
    for position in first..first + count {
        let (row, column) =
            (position / window.output[1] * window.stride[0], position % window.output[1] * window.stride[1]);
        for row in (0..window.kernel[0]).map(|place| (row + place * down).wrapping_sub(above)) {
            for column in (0..window.kernel[1]).map(|place| (column + place * right).wrapping_sub(left)) {
                let is_inside = row < height && column < width;
                visit(tap, is_inside.then(|| (row * width + column) * channels + start));
                tap += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, random_shapes};
    use crate::spec::Conv2dGeometry;
    use std::vec;
    use std::vec::Vec;

    /// Half of them rows, as sequences are; a third dense.
    fn geometry(numbers: &mut Numbers) -> ConvGeometry {
        let is_row = numbers.size(0, 1) == 0;
        let mut sizes = |low: usize, high: usize, one: usize| {
            [if is_row { one } else { numbers.size(low, high) }, numbers.size(low, high)]
        };
        let (kernel, stride, padding) = (sizes(1, 4, 1), sizes(1, 3, 1), sizes(0, 4, 0));
        let (mut dilation, extra) = (sizes(1, 3, 1), sizes(0, 8, 0));
        let mut groups = numbers.size(1, 4);
        if numbers.size(0, 2) == 0 {
            (dilation, groups) = ([1, 1], 1);
        }
        let reach = |axis: usize| (kernel[axis] - 1) * dilation[axis] + 1;
        let size = |axis: usize| (reach(axis) + extra[axis]).saturating_sub(padding[axis]).max(1);
        let output = |axis: usize| (size(axis) + padding[axis]).saturating_sub(reach(axis)) / stride[axis] + 1;
        let window = Conv2dGeometry {
            input: [size(0), size(1), groups * numbers.size(1, 5)],
            kernel,
            stride,
            padding,
            output: [output(0), output(1), groups * numbers.size(1, 9)],
        };
        ConvGeometry { window, dilation, groups }
    }

    /// Calls `visit` with the indices of output, input and weight of every product that the definition sums.
    fn naive(geometry: &ConvGeometry, samples: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let Conv2dGeometry { input, kernel, stride, padding, output } = geometry.window;
        let (channels, filters) = (input[2] / geometry.groups, output[2] / geometry.groups);
        for at in 0..samples * geometry.window.output_len() {
            let (filter, position) = (at % output[2], at / output[2]);
            let (column, row) = (position % output[1], position / output[1] % output[0]);
            for weight in 0..kernel[0] * kernel[1] * channels {
                let (channel, place) = (weight % channels, weight / channels);
                let down = place / kernel[1] * geometry.dilation[0];
                let right = place % kernel[1] * geometry.dilation[1];
                let row = (row * stride[0] + down).wrapping_sub(padding[0]);
                let column = (column * stride[1] + right).wrapping_sub(padding[1]);
                if row < input[0] && column < input[1] {
                    let pixel = (position / output[0] / output[1] * input[0] + row) * input[1] + column;
                    let from = pixel * input[2] + filter / filters * channels + channel;
                    visit(at, from, weight * output[2] + filter);
                }
            }
        }
    }

    fn agrees_with_the_definition<T: Scalar>(seed: u64, cases: usize) {
        let mut numbers = Numbers::new(seed);
        for _ in 0..cases {
            let geometry = geometry(&mut numbers);
            let [filters, channels] = [geometry.window.output[2], geometry.window.input[2]];
            let samples = numbers.size(0, 2);
            let input: Vec<T> = numbers.integers(samples * geometry.window.input_len());
            let window = geometry.window.kernel[0] * geometry.window.kernel[1];
            let weight: Vec<T> = numbers.integers(window * channels / geometry.groups * filters);
            let with_bias = numbers.size(0, 1);
            let bias: Vec<T> = numbers.integers(with_bias * filters);
            let d_output: Vec<T> = numbers.integers(samples * geometry.window.output_len());
            let mut scratch = vec![T::nan(); conv_scratch(&geometry)];

            let mut output = vec![T::nan(); d_output.len()];
            let mut expected: Vec<T> =
                (0..output.len()).map(|at| bias.get(at % filters).copied().unwrap_or(T::zero())).collect();
            naive(&geometry, samples, |to, from, by| expected[to] += input[from] * weight[by]);
            expected.iter_mut().for_each(|value| *value = value.max(T::zero()));
            let (relu, own) = (Activation::Relu, &mut scratch[..conv_forward_scratch(&geometry, samples)]);
            conv_forward(&geometry, samples, &input, &weight, &bias, relu, &mut output, own);
            assert_eq!(output, expected, "forward, {geometry:?}");

            let (mut d_input, mut expected) = (vec![T::nan(); input.len()], vec![T::zero(); input.len()]);
            naive(&geometry, samples, |from, to, by| expected[to] += d_output[from] * weight[by]);
            conv_backward_input(&geometry, samples, &d_output, &weight, &mut d_input, &mut scratch);
            assert_eq!(d_input, expected, "input gradient, {geometry:?}");

            let bias: Vec<T> = numbers.integers(with_bias * channels);
            (0..expected.len()).for_each(|at| expected[at] += bias.get(at % channels).copied().unwrap_or(T::zero()));
            expected.iter_mut().for_each(|value| *value = value.max(T::zero()));
            conv_transpose_forward(&geometry, samples, &d_output, &weight, &bias, relu, &mut d_input, &mut scratch);
            assert_eq!(d_input, expected, "transposed, {geometry:?}");

            let mut d_weight: Vec<T> = numbers.integers(weight.len());
            let mut expected = d_weight.clone();
            naive(&geometry, samples, |d, from, to| expected[to] += input[from] * d_output[d]);
            conv_backward_weight(&geometry, samples, &input, &d_output, &mut d_weight, &mut scratch);
            assert_eq!(d_weight, expected, "weight gradient, {geometry:?}");
        }
    }

    random_shapes! { agrees_with_the_definition as equals_its_naive_twin: 300 from 21; }
}
