//! The gradient of the input as a sum: each position of the output, multiplied with the whole window of every filter,
//! gives a patch of gradients, and each pixel of the input collects what patches have for it.

use super::super::{Epilogue, Matrix, Store, gemm, kernels};
use super::{divide, rows_at_once};
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Conv2dGeometry;

/// Channels that are collected at once, at most: a wide load may reach this far behind the patches.
const BEHIND: usize = 16;

/// Scalars of some rows of patches.
pub(super) const fn scratch(geometry: &Conv2dGeometry) -> usize {
    (block_rows(geometry) + kept_rows(geometry)) * geometry.output[1] * patch(geometry) + BEHIND
}

const fn patch(geometry: &Conv2dGeometry) -> usize {
    geometry.kernel[0] * geometry.kernel[1] * geometry.input[2]
}

/// Rows of positions whose patches are made at once.
const fn block_rows(geometry: &Conv2dGeometry) -> usize {
    rows_at_once(geometry.output[1] * patch(geometry), geometry.output[0])
}

/// Rows of the block before that a block's first row of pixels still collects from.
const fn kept_rows(geometry: &Conv2dGeometry) -> usize {
    if block_rows(geometry) == geometry.output[0] { 0 } else { (geometry.kernel[0] - 1) / geometry.stride[0] }
}

/// The gradient of the input, which is overwritten, with `bias` added to each pixel. `weight` has a row for each filter.
pub(super) fn products<T: Scalar>(
    geometry: &Conv2dGeometry,
    samples: usize,
    d_output: &[T],
    weight: Matrix<'_, T>,
    bias: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let ([in_height, in_width, channels], [height, width, filters]) = (geometry.input, geometry.output);
    let (patches, scratch) = divide(geometry, self::scratch(geometry), scratch);
    let (row, kept) = (width * patch(geometry), kept_rows(geometry));
    for sample in 0..samples {
        let mut done = 0;
        for first in (0..height).step_by(block_rows(geometry)) {
            let count = block_rows(geometry).min(height - first);
            let d_rows = Matrix::rows(&d_output[(sample * height + first) * width * filters..], filters);
            let block = &mut patches[kept * row..][..count * row];
            let shape = [count * width, patch(geometry), filters];
            gemm(shape, d_rows, weight, block, Store::Overwrite, Epilogue::NONE, scratch);
            let end = match first + count == height {
                true => in_height,
                false => ((first + count) * geometry.stride[0]).saturating_sub(geometry.padding[0]).min(in_height),
            };
            let pixels = &mut d_input[(sample * in_height + done) * in_width * channels..];
            sum_patches(geometry, [done, end], [kept, first], patches, bias, pixels);
            patches.copy_within(count * row..(count + kept) * row, 0);
            done = end;
        }
    }
}

kernels! {
    trait SumPatches<T>;

    /// Collects the gradients of the rows `rows[0]..rows[1]` of pixels, with which `pixels` begins. Row `places[1]` of
    /// positions is row `places[0]` of `patches`.
    pub(crate) fn sum_patches(
        geometry: &Conv2dGeometry,
        rows: [usize; 2],
        places: [usize; 2],
        patches: &[T],
        bias: &[T],
        pixels: &mut [T],
    ) = sum_body;
}

#[inline(always)]
fn sum_body<I: Isa, T: Scalar>(
    geometry: &Conv2dGeometry,
    rows: [usize; 2],
    places: [usize; 2],
    patches: &[T],
    bias: &[T],
    pixels: &mut [T],
) {
    match geometry.input[2] {
        0..=4 => sum_rows::<T, 4>(geometry, rows, places, patches, bias, pixels),
        5..=15 => sum_rows::<T, 8>(geometry, rows, places, patches, bias, pixels),
        _ => sum_rows::<T, BEHIND>(geometry, rows, places, patches, bias, pixels),
    }
}

/// As [`sum_patches`], `LANES` channels at once.
#[inline(always)]
fn sum_rows<T: Scalar, const LANES: usize>(
    geometry: &Conv2dGeometry,
    [start, end]: [usize; 2],
    places: [usize; 2],
    patches: &[T],
    bias: &[T],
    pixels: &mut [T],
) {
    let [_, width, channels] = geometry.input;
    for (index, row) in (start..end).enumerate() {
        for first in (0..channels).step_by(LANES) {
            // The last channels are collected with some of those before them. If all are fewer than `LANES`, a store
            // reaches into the next pixels, which are written later.
            let first = first.min(channels.saturating_sub(LANES));
            let mut sums = [T::zero(); LANES];
            sums.iter_mut().zip(bias.get(first..).unwrap_or(&[])).for_each(|(sum, &bias)| *sum = bias);
            let pixels = &mut pixels[index * width * channels + first..];
            sum_row(geometry, row, places, &patches[first..], sums, pixels);
        }
    }
}

/// Collects the gradients of `LANES` channels of a row of pixels.
#[inline(always)]
fn sum_row<T: Scalar, const LANES: usize>(
    geometry: &Conv2dGeometry,
    row: usize,
    [kept, first]: [usize; 2],
    patches: &[T],
    bias: [T; LANES],
    pixels: &mut [T],
) {
    let ([_, width, channels], [height, out_width, _]) = (geometry.input, geometry.output);
    let (kernel, stride, patch) = (geometry.kernel, geometry.stride, patch(geometry));
    let rows = Positions::of(row + geometry.padding[0], stride[0]);
    let mut columns = Positions::of(geometry.padding[1], stride[1]);
    for column in 0..width {
        let mut sums = bias;
        rows.for_each(kernel[0], stride[0], height, |row, window_row| {
            columns.for_each(kernel[1], stride[1], out_width, |column, window_column| {
                let position = (row + kept - first) * out_width + column;
                let at = position * patch + (window_row * kernel[1] + window_column) * channels;
                let from: &[T; LANES] = patches[at..].first_chunk().expect("cannot fail: room behind");
                for (sum, &from) in sums.iter_mut().zip(from) {
                    *sum += from;
                }
            });
        });
        let pixel = &mut pixels[column * channels..];
        match pixel.first_chunk_mut() {
            Some(pixel) => *pixel = sums,
            // The last pixel of all.
            None => store_some(&{ sums }, pixel),
        }
        columns.advance(stride[1]);
    }
}

/// Kept apart from whole stores, which would else become calls that copy any number of scalars.
#[cold]
#[inline(never)]
fn store_some<T: Scalar>(sums: &[T], pixel: &mut [T]) {
    pixel.copy_from_slice(&sums[..pixel.len()]);
}

/// Along one axis, the positions whose window sees a pixel: the last one, and where in its window.
#[derive(Clone, Copy)]
struct Positions {
    last: usize,
    place: usize,
}

impl Positions {
    /// Those of a pixel, counted from the border's beginning.
    #[inline(always)]
    fn of(pixel: usize, stride: usize) -> Self {
        Self { last: pixel / stride, place: pixel % stride }
    }

    /// Goes on to the next pixel.
    #[inline(always)]
    fn advance(&mut self, stride: usize) {
        self.place += 1;
        if self.place == stride {
            *self = Self { last: self.last + 1, place: 0 };
        }
    }

    /// Calls `visit` with each position, of which there are `count`, and the pixel's place in its window.
    #[inline(always)]
    fn for_each(self, kernel: usize, stride: usize, count: usize, mut visit: impl FnMut(usize, usize)) {
        // Positions behind the last one do not exist.
        let missing = (self.last + 1).saturating_sub(count);
        let mut place = self.place + missing * stride;
        let mut left = self.last + 1 - missing;
        while left > 0 && place < kernel {
            left -= 1;
            visit(left, place);
            place += stride;
        }
    }
}
