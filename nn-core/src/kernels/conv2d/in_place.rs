//! The patches of an image as a matrix that a product reads in place.

use super::super::gemm::{Patches, patch_product};
use super::super::{Epilogue, Matrix, Store};
use super::{BLOCK, divide, len};
use crate::Scalar;
use crate::spec::Conv2dGeometry;

/// Scalars of a part of an image with its border.
pub(super) const fn scratch(geometry: &Conv2dGeometry) -> usize {
    if has_border(geometry) {
        bordered_rows(geometry, block_rows(geometry)) * bordered_width(geometry) * geometry.input[2]
    } else {
        0
    }
}

/// Rows of output positions that are worked on at once: so many that they, what they see and the weight stay in the
/// second-level cache.
const fn block_rows(geometry: &Conv2dGeometry) -> usize {
    let [height, width, filters] = geometry.output;
    let row = width * if filters > geometry.input[2] { filters } else { geometry.input[2] };
    match BLOCK.checked_div(row) {
        None | Some(0) => 1,
        Some(rows) if rows > height => height,
        // Equal blocks.
        Some(rows) => height.div_ceil(height.div_ceil(rows)),
    }
}

/// Rows of the image, with its border, that a window visits on its way through `rows` rows of positions.
const fn bordered_rows(geometry: &Conv2dGeometry, rows: usize) -> usize {
    rows.saturating_sub(1) * geometry.stride[0] + geometry.kernel[0]
}

const fn bordered_width(geometry: &Conv2dGeometry) -> usize {
    geometry.output[1].saturating_sub(1) * geometry.stride[1] + geometry.kernel[1]
}

/// Height and width of the part of the image, with its border, that the window visits.
const fn bordered(geometry: &Conv2dGeometry) -> [usize; 2] {
    [bordered_rows(geometry, geometry.output[0]), bordered_width(geometry)]
}

/// Whether the window ever leaves the image.
const fn has_border(geometry: &Conv2dGeometry) -> bool {
    let ([height, width], [above, left]) = (bordered(geometry), geometry.padding);
    above > 0 || left > 0 || height > geometry.input[0] || width > geometry.input[1]
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
    let (image, scratch) = divide(scratch);
    let [height, width, filters] = geometry.output;
    for (sample, input) in input.chunks_exact(len(geometry.input).max(1)).take(samples).enumerate() {
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
        patch_product(patches, weight, filters, &mut output[block], Store::Overwrite, epilogue, scratch);
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
        patch_product(patches.transposed(), d_output, filters, d_weight, Store::Accumulate, Epilogue::NONE, scratch);
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
    let (data, width) = if has_border(geometry) {
        copy_with_border(geometry, [first * geometry.stride[0], bordered_rows(geometry, rows)], input, bordered);
        (&*bordered, bordered_width(geometry))
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

/// Copies `rows` rows of an image with a border of zeros, from `first` on, as far as the window visits it.
fn copy_with_border<T: Scalar>(geometry: &Conv2dGeometry, [first, rows]: [usize; 2], input: &[T], image: &mut [T]) {
    let ([height, width, channels], [above, left]) = (geometry.input, geometry.padding);
    let to_rows = image.chunks_exact_mut(bordered_width(geometry) * channels);
    for (row, to) in (first..first + rows).zip(to_rows) {
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
