//! Convolutions as matrix products. In channels-last memory one row of a window is one run of scalars, so the patches under
//! the window form a matrix ([`Patches`]) that the product reads in place; only an image with a border is copied first.

use super::gemm::{Patches, patch_product};
use super::{Epilogue, GEMM_SCRATCH, Matrix, Store, kernels};
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::{Activation, Conv2dGeometry};

/// Scalars of patch gradients that are made at once: they stay in the second-level cache until they are added up.
const BLOCK: usize = 1 << 15;

/// Scalars of scratch memory of a convolution: one image with its border or one block of patch gradients, and room for the
/// product.
pub const fn conv2d_scratch(geometry: &Conv2dGeometry) -> usize {
    let [height, width] = bordered(geometry);
    let image = if has_border(geometry) { height * width * geometry.input[2] } else { 0 };
    let row = geometry.output[1] * geometry.kernel[1] * geometry.input[2];
    let block = block_rows(geometry) * row;
    (if image > block { image } else { block }) + GEMM_SCRATCH
}

/// Height and width of the part of the image, with its border, that the window visits.
pub(super) const fn bordered(geometry: &Conv2dGeometry) -> [usize; 2] {
    let [height, width, _] = geometry.output;
    [
        height.saturating_sub(1) * geometry.stride[0] + geometry.kernel[0],
        width.saturating_sub(1) * geometry.stride[1] + geometry.kernel[1],
    ]
}

/// Whether the window ever leaves the image.
pub(super) const fn has_border(geometry: &Conv2dGeometry) -> bool {
    let ([height, width], [above, left]) = (bordered(geometry), geometry.padding);
    above > 0 || left > 0 || height > geometry.input[0] || width > geometry.input[1]
}

/// Rows of output positions whose patch gradients are made at once.
const fn block_rows(geometry: &Conv2dGeometry) -> usize {
    let row = geometry.output[1] * geometry.kernel[1] * geometry.input[2];
    match BLOCK.checked_div(row) {
        None | Some(0) => 1,
        Some(rows) if rows > geometry.output[0] => geometry.output[0],
        Some(rows) => rows,
    }
}

/// `output = activation(input ⋆ weight + bias)` for `samples` images, where `⋆` is the cross-correlation.
///
/// `input` is `[samples, height, width, channels]`, `weight` is `[kernel height, kernel width, channels, filters]`,
/// `bias` is `[filters]` or empty, `output` is `[samples, out height, out width, filters]`. `scratch` has
/// [`conv2d_scratch`] scalars.
pub fn conv2d_forward<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    activation: Activation,
    output: &mut [T],
    scratch: &mut [T],
) {
    let filters = geometry.output[2];
    let (image, scratch) = scratch.split_at_mut(scratch.len().saturating_sub(GEMM_SCRATCH));
    let weight = Matrix::rows(weight, filters);
    let outputs = output.chunks_exact_mut(output_len(geometry).max(1));
    for (input, output) in input.chunks_exact(input_len(geometry).max(1)).zip(outputs).take(samples) {
        let patches = patches(geometry, input, image);
        patch_product(patches, weight, filters, output, Store::Overwrite, Epilogue { bias, activation }, scratch);
    }
}

/// Adds to the gradient of the weight; shapes as in [`conv2d_forward`].
pub fn conv2d_backward_weight<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    let filters = geometry.output[2];
    let (image, scratch) = scratch.split_at_mut(scratch.len().saturating_sub(GEMM_SCRATCH));
    let d_outputs = d_output.chunks_exact(output_len(geometry).max(1));
    for (input, d_output) in input.chunks_exact(input_len(geometry).max(1)).zip(d_outputs).take(samples) {
        let patches = patches(geometry, input, image).transposed();
        let d_output = Matrix::rows(d_output, filters);
        patch_product(patches, d_output, filters, d_weight, Store::Accumulate, Epilogue::NONE, scratch);
    }
}

pub(super) const fn input_len(geometry: &Conv2dGeometry) -> usize {
    geometry.input[0] * geometry.input[1] * geometry.input[2]
}

const fn output_len(geometry: &Conv2dGeometry) -> usize {
    geometry.output[0] * geometry.output[1] * geometry.output[2]
}

/// The patches of one image: a row for each output position, a column for each weight of a filter.
pub(super) fn patches<'a, T: Scalar>(
    geometry: &Conv2dGeometry,
    input: &'a [T],
    bordered_image: &'a mut [T],
) -> Patches<'a, T> {
    let channels = geometry.input[2];
    let (data, width) = if has_border(geometry) {
        copy_with_border(geometry, input, bordered_image);
        (&*bordered_image, bordered(geometry)[1])
    } else {
        (input, geometry.input[1])
    };
    Patches {
        data,
        groups: geometry.output[0],
        group_len: geometry.output[1],
        group_stride: geometry.stride[0] * width * channels,
        row_stride: geometry.stride[1] * channels,
        runs: geometry.kernel[0],
        run_len: geometry.kernel[1] * channels,
        run_stride: width * channels,
        column_stride: 1,
    }
}

/// Copies an image into one that has the border of zeros, as far as the window visits it.
fn copy_with_border<T: Scalar>(geometry: &Conv2dGeometry, input: &[T], image: &mut [T]) {
    let ([height, width, channels], [above, left]) = (geometry.input, geometry.padding);
    let [bordered_height, bordered_width] = bordered(geometry);
    let rows = image.chunks_exact_mut(bordered_width * channels).take(bordered_height);
    for (row, to) in rows.enumerate() {
        let from = match row.checked_sub(above) {
            Some(row) if row < height => &input[row * width * channels..][..width * channels],
            _ => &[],
        };
        let (border, rest) = to.split_at_mut((left * channels).min(to.len()));
        let (inside, behind) = rest.split_at_mut(from.len().min(rest.len()));
        border.fill(T::zero());
        inside.copy_from_slice(&from[..inside.len()]);
        behind.fill(T::zero());
    }
}

/// The gradient of the input, which is overwritten; shapes as in [`conv2d_forward`].
///
/// For each row of the window, a block of output positions is multiplied with the transposed weight, and the products are
/// added where the window lay.
pub fn conv2d_backward_input<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    d_output: &[T],
    weight: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let [height, width, filters] = geometry.output;
    let (block, scratch) = scratch.split_at_mut(scratch.len().saturating_sub(GEMM_SCRATCH));
    let d_outputs = d_output.chunks_exact(output_len(geometry).max(1));
    d_input.fill(T::zero());
    for (d_input, d_output) in d_input.chunks_exact_mut(input_len(geometry).max(1)).zip(d_outputs).take(samples) {
        for first in (0..height).step_by(block_rows(geometry)) {
            let rows = block_rows(geometry).min(height - first);
            let d_rows = &d_output[first * width * filters..][..rows * width * filters];
            add_input_gradient(geometry, first, d_rows, weight, d_input, block, scratch);
        }
    }
}

/// Adds what some rows of output positions, from the row `first` on, give to the gradient of one image. `block` has a scalar
/// for each of the positions and each element of a row of the window.
pub(super) fn add_input_gradient<T: Scalar>(
    geometry: &Conv2dGeometry,
    first: usize,
    d_rows: &[T],
    weight: &[T],
    d_input: &mut [T],
    block: &mut [T],
    scratch: &mut [T],
) {
    let (run, filters) = (geometry.kernel[1] * geometry.input[2], geometry.output[2]);
    let positions = d_rows.len() / filters;
    let block = &mut block[..positions * run];
    let d_rows = Matrix::rows(d_rows, filters);
    for (window_row, weight) in weight.chunks_exact(run * filters).enumerate() {
        let weight = Matrix::rows(weight, filters).transposed();
        super::gemm([positions, run, filters], d_rows, weight, block, Store::Overwrite, Epilogue::NONE, scratch);
        add_patch_rows(geometry, [first, window_row], block, d_input);
    }
}

kernels! {
    trait Convolution<T>;

    /// Adds rows of patches to the image they were seen in. `block` holds, for some rows of output positions from
    /// `places[0]` on, row `places[1]` of each window.
    pub(crate) fn add_patch_rows(geometry: &Conv2dGeometry, places: [usize; 2], block: &[T], image: &mut [T]) = add_rows;
}

#[inline(always)]
fn add_rows<I: Isa, T: Scalar>(geometry: &Conv2dGeometry, places: [usize; 2], block: &[T], image: &mut [T]) {
    let ([height, width, channels], [_, out_width, _]) = (geometry.input, geometry.output);
    let run = geometry.kernel[1] * channels;
    for (row, block) in block.chunks_exact(out_width * run).enumerate() {
        let row = (places[0] + row) * geometry.stride[0] + places[1];
        let Some(row) = row.checked_sub(geometry.padding[0]).filter(|&row| row < height) else { continue };
        let image = &mut image[row * width * channels..][..width * channels];
        for (column, patch) in block.chunks_exact(run).enumerate() {
            let start = column * geometry.stride[1] * channels;
            let border = geometry.padding[1] * channels;
            let Some(patch) = patch.get(border.saturating_sub(start)..) else { continue };
            let Some(image) = image.get_mut(start.saturating_sub(border)..) else { continue };
            for (to, &from) in image.iter_mut().zip(patch) {
                *to += from;
            }
        }
    }
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
