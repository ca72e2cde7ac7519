//! The patches of an image as a matrix that a product reads in place.

use super::super::gemm::{Patches, patch_product};
use super::super::{Epilogue, Matrix, Store};
use super::border::{copy_rows, leaves_image, visited_rows, visited_width};
use super::{divide, rows_at_once};
use crate::Scalar;
use crate::spec::Conv2dGeometry;

/// Scalars of a part of an image with its border.
pub(super) const fn scratch(geometry: &Conv2dGeometry) -> usize {
    if leaves_image(geometry) {
        visited_rows(geometry, block_rows(geometry)) * visited_width(geometry) * geometry.input[2]
    } else {
        0
    }
}

/// Rows of output positions that are worked on at once: so many that they, what they see and the weight stay in the
/// second-level cache.
const fn block_rows(geometry: &Conv2dGeometry) -> usize {
    let [height, width, filters] = geometry.output;
    let row = width * if filters > geometry.input[2] { filters } else { geometry.input[2] };
    // Equal blocks.
    height.div_ceil(height.div_ceil(rows_at_once(row, height)))
}

/// Calls `visit` with the patches of each block of positions, the block's share of `outputs`, and the rest of the scratch
/// memory.
fn for_each_block<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    scratch: &mut [T],
    mut visit: impl FnMut(Patches<'_, T>, core::ops::Range<usize>, &mut [T]),
) {
    let (image, scratch) = divide(geometry, self::scratch(geometry), scratch);
    let [height, width, filters] = geometry.output;
    for (sample, input) in input.chunks_exact(geometry.input_len().max(1)).take(samples).enumerate() {
        for first in (0..height).step_by(block_rows(geometry)) {
            let rows = block_rows(geometry).min(height - first);
            let start = (sample * height + first) * width * filters;
            visit(
                patches_of_rows(geometry, [first, rows], input, image),
                start..start + rows * width * filters,
                scratch,
            );
        }
    }
}

/// A convolution, block by block.
pub(super) fn product<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    weight: &[T],
    epilogue: Epilogue<'_, T>,
    output: &mut [T],
    scratch: &mut [T],
) {
    let filters = geometry.output[2];
    let weight = Matrix::rows(weight, filters);
    for_each_block(geometry, samples, input, scratch, |patches, block, scratch| {
        patch_product(patches, weight.into(), filters, &mut output[block], Store::Overwrite, epilogue, scratch);
    });
}

/// Adds to the gradient of the weight, block by block.
pub(super) fn weight_gradient<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    input: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    let filters = geometry.output[2];
    for_each_block(geometry, samples, input, scratch, |patches, block, scratch| {
        let d_output = Matrix::rows(&d_output[block], filters);
        patch_product(
            patches.transposed(),
            d_output.into(),
            filters,
            d_weight,
            Store::Accumulate,
            Epilogue::NONE,
            scratch,
        );
    });
}

/// The patches of `rows` rows of positions from `first` on: a row for each position, a column for each weight of a filter.
fn patches_of_rows<'a, T: Scalar>(
    geometry: &Conv2dGeometry,
    [first, rows]: [usize; 2],
    input: &'a [T],
    bordered: &'a mut [T],
) -> Patches<'a, T> {
    let channels = geometry.input[2];
    let (data, width) = if leaves_image(geometry) {
        let width = visited_width(geometry);
        let bordered = &mut bordered[..visited_rows(geometry, rows) * width * channels];
        copy_rows(geometry, first * geometry.stride[0], input, bordered);
        (&*bordered, width)
    } else {
        (&input[first * geometry.stride[0] * geometry.input[1] * channels..], geometry.input[1])
    };
    Patches {
        data,
        groups: rows,
        group_len: geometry.output[1],
        group_stride: geometry.stride[0] * width * channels,
        row_stride: geometry.stride[1] * channels,
        runs: geometry.kernel[0],
        run_len: geometry.kernel[1] * channels,
        run_stride: width * channels,
        column_stride: 1,
    }
}
