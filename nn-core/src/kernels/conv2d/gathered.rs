//! Patches that are copied into a matrix, a block of positions and a part of the window at a time.

use super::super::{Epilogue, Matrix, Store, gemm, kernels};
use super::{columns_inside, divide, rows_at_once};
use crate::Scalar;
use crate::simd::{Isa, Kernel};
use crate::spec::Conv2dGeometry;
use core::ops::Range;

/// Columns of the matrix, at most, unless one pixel has more channels: as many as a product sums in registers.
const DEPTH: usize = 256;
/// Rows of the matrix, at most: few enough for a narrow one to stay in the first-level cache.
const HEIGHT: usize = 240;
/// Short runs are copied in pieces of this length; what is too much is overwritten by the next run.
const PIECE: usize = 16;

/// A part of the window whose weights lie together: some of its rows, and if that is one, some of its columns.
#[derive(Clone, Debug)]
pub struct WindowPart {
    rows: Range<usize>,
    columns: Range<usize>,
    channels: usize,
}

impl WindowPart {
    /// The largest part of a window.
    const fn largest(geometry: &Conv2dGeometry) -> Self {
        let ([rows, columns], channels) = (geometry.kernel, geometry.input[2]);
        let (rows, columns) = match (DEPTH.checked_div(columns * channels), DEPTH.checked_div(channels)) {
            (None, _) | (_, None) => (rows, columns),
            (Some(0), Some(0)) => (1, 1),
            (Some(0), Some(most)) => (1, if most < columns { most } else { columns }),
            (Some(most), _) => (if most < rows { most } else { rows }, columns),
        };
        Self { rows: 0..rows, columns: 0..columns, channels }
    }

    /// All parts of a window, in the order of their weights.
    fn all(geometry: &Conv2dGeometry) -> impl Iterator<Item = Self> {
        let ([height, width], largest) = (geometry.kernel, Self::largest(geometry));
        let (rows, columns) = (largest.rows.end, largest.columns.end);
        (0..height).step_by(rows).flat_map(move |row| {
            (0..width).step_by(columns).map(move |column| Self {
                rows: row..(row + rows).min(height),
                columns: column..(column + columns).min(width),
                ..largest
            })
        })
    }

    /// Scalars of one row of the part.
    #[inline(always)]
    const fn run(&self) -> usize {
        (self.columns.end - self.columns.start) * self.channels
    }

    /// Columns of its matrix.
    #[inline(always)]
    const fn depth(&self) -> usize {
        (self.rows.end - self.rows.start) * self.run()
    }

    /// From one row of its matrix to the next: the last run has room for whole pieces.
    #[inline(always)]
    const fn pitch(&self) -> usize {
        let spill = if self.is_short() { self.run().next_multiple_of(PIECE) - self.run() } else { 0 };
        self.depth() + spill
    }

    /// Whether it is copied in pieces.
    #[inline(always)]
    const fn is_short(&self) -> bool {
        self.run() <= 3 * PIECE
    }

    /// The place of its first weight.
    const fn first_weight(&self, geometry: &Conv2dGeometry) -> usize {
        (self.rows.start * geometry.kernel[1] + self.columns.start) * self.channels * geometry.output[2]
    }

    const fn is_last(&self, geometry: &Conv2dGeometry) -> bool {
        self.rows.end == geometry.kernel[0] && self.columns.end == geometry.kernel[1]
    }
}

/// Positions whose patches are gathered at once.
const fn block_positions(geometry: &Conv2dGeometry) -> usize {
    rows_at_once(WindowPart::largest(geometry).pitch(), HEIGHT)
}

/// Whether the matrix of d_output is the left factor of the weight gradient: with few filters it would be a narrow right
/// one, and most of a vector would lie idle.
const fn has_few_filters(geometry: &Conv2dGeometry) -> bool {
    geometry.output[2] <= 4
}

/// Scalars of a block of patches, and of a transposed gradient.
pub(super) const fn scratch(geometry: &Conv2dGeometry) -> usize {
    let depth = WindowPart::largest(geometry).depth();
    let gradient = if has_few_filters(geometry) { depth * geometry.output[2] } else { 0 };
    forward_scratch(geometry, usize::MAX) + gradient
}

/// The same for a forward pass over so many positions.
pub(super) const fn forward_scratch(geometry: &Conv2dGeometry, positions: usize) -> usize {
    let (block, pitch) = (block_positions(geometry), WindowPart::largest(geometry).pitch());
    if positions < block { positions * pitch } else { block * pitch }
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
    let positions = samples * geometry.output[0] * geometry.output[1];
    let (patches, scratch) = divide(geometry, forward_scratch(geometry, positions), scratch);
    for first in (0..positions).step_by(block_positions(geometry)) {
        let count = block_positions(geometry).min(positions - first);
        let output = &mut output[first * filters..][..count * filters];
        for part in WindowPart::all(geometry) {
            gather_patches(geometry, &part, input, [first, count], patches);
            let store = if part.first_weight(geometry) == 0 { Store::Overwrite } else { Store::Accumulate };
            let epilogue = if part.is_last(geometry) { epilogue } else { Epilogue::NONE };
            let weight = Matrix::rows(&weight[part.first_weight(geometry)..], filters);
            let shape = [count, filters, part.depth()];
            gemm(shape, Matrix::rows(patches, part.pitch()), weight, output, store, epilogue, scratch);
        }
    }
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
    let (patches, scratch) = divide(geometry, self::scratch(geometry), scratch);
    let (patches, transposed) = patches.split_at_mut(forward_scratch(geometry, usize::MAX));
    let filters = geometry.output[2];
    let positions = samples * geometry.output[0] * geometry.output[1];
    for first in (0..positions).step_by(block_positions(geometry)) {
        let count = block_positions(geometry).min(positions - first);
        let d_output = Matrix::rows(&d_output[first * filters..], filters);
        for part in WindowPart::all(geometry) {
            gather_patches(geometry, &part, input, [first, count], patches);
            let patches = Matrix::rows(&*patches, part.pitch());
            let (depth, none) = (part.depth(), Epilogue::NONE);
            let d_weight = &mut d_weight[part.first_weight(geometry)..][..depth * filters];
            if has_few_filters(geometry) {
                let sums = &mut transposed[..depth * filters];
                gemm([filters, depth, count], d_output.transposed(), patches, sums, Store::Overwrite, none, scratch);
                add_transposed(filters, sums, d_weight);
            } else {
                let shape = [depth, filters, count];
                gemm(shape, patches.transposed(), d_output, d_weight, Store::Accumulate, none, scratch);
            }
        }
    }
}

/// Adds a matrix with a row for each filter to one with a column for each.
fn add_transposed<T: Scalar>(filters: usize, rows: &[T], columns: &mut [T]) {
    for (filter, row) in rows.chunks_exact(rows.len() / filters).enumerate() {
        for (&from, to) in row.iter().zip(columns.chunks_exact_mut(filters)) {
            to[filter] += from;
        }
    }
}

kernels! {
    trait GatherPatches<T>;

    /// Copies the patches of some positions, from `positions[0]` on over all samples, `positions[1]` of them, into a matrix
    /// with a row for each: what a part of the window sees there, and zeros outside the image.
    pub(crate) fn gather_patches(
        geometry: &Conv2dGeometry,
        part: &WindowPart,
        input: &[T],
        positions: [usize; 2],
        patches: &mut [T],
    ) = gather_body;
}

#[inline(always)]
fn gather_body<I: Isa, T: Scalar>(
    geometry: &Conv2dGeometry,
    part: &WindowPart,
    input: &[T],
    [first, count]: [usize; 2],
    patches: &mut [T],
) {
    let ([height, width, channels], [out_height, out_width, _]) = (geometry.input, geometry.output);
    let (run, pitch, inside) = (part.run(), part.pitch(), columns_inside(geometry, part.columns.clone()));
    let mut start = first % out_width;
    let (mut sample, mut row) = (first / out_width / out_height, first / out_width % out_height);
    let mut done = 0;
    while done < count {
        let columns = start..(start + count - done).min(out_width);
        let rows = &mut patches[done * pitch..(done + columns.len()) * pitch];
        for (index, window_row) in part.rows.clone().enumerate() {
            let to = &mut rows[index * run..];
            match (row * geometry.stride[0] + window_row).checked_sub(geometry.padding[0]) {
                Some(row) if row < height => {
                    let from = &input[(sample * height + row) * width * channels..];
                    gather_runs::<I, T>(geometry, part, from, columns.clone(), &inside, to);
                }
                _ => to.chunks_mut(pitch).for_each(|to| to[..run].fill(T::zero())),
            }
        }
        done += columns.len();
        (start, row) = (0, row + 1);
        if row == out_height {
            (sample, row) = (sample + 1, 0);
        }
    }
}

/// Copies one row of the window at some columns of positions; `from` are the images from the row that it sees on.
#[inline(always)]
fn gather_runs<I: Isa, T: Scalar>(
    geometry: &Conv2dGeometry,
    part: &WindowPart,
    from: &[T],
    columns: Range<usize>,
    inside: &Range<usize>,
    to: &mut [T],
) {
    let (channels, run, pitch) = (part.channels, part.run(), part.pitch());
    let (left, stride) = (geometry.padding[1], geometry.stride[1]);
    let start = inside.start.clamp(columns.start, columns.end);
    let end = inside.end.clamp(start, columns.end);
    for column in (columns.start..start).chain(end..columns.end) {
        let to = &mut to[(column - columns.start) * pitch..][..run];
        for (window_column, to) in part.columns.clone().zip(to.chunks_mut(channels)) {
            match (column * stride + window_column).checked_sub(left) {
                Some(at) if at < geometry.input[1] => to.copy_from_slice(&from[at * channels..][..channels]),
                _ => to.fill(T::zero()),
            }
        }
    }
    if start == end {
        return;
    }
    let from = &from[(start * stride + part.columns.start - left) * channels..];
    let to = &mut to[(start - columns.start) * pitch..];
    let runs = Runs { from, step: stride * channels, pitch, run, count: end - start };
    match part.is_short() {
        true if run <= PIECE / 2 => I::call::<CopyPieces<{ PIECE / 2 }>, _>((runs, to)),
        true => I::call::<CopyPieces<PIECE>, _>((runs, to)),
        false => runs.copy(to),
    }
}

/// `count` runs, each `step` behind the one before, and to be `pitch` behind it.
struct Runs<'a, T> {
    from: &'a [T],
    step: usize,
    pitch: usize,
    run: usize,
    count: usize,
}

impl<T: Scalar> Runs<'_, T> {
    /// Copies them one by one.
    #[inline(always)]
    fn copy(&self, to: &mut [T]) {
        for index in 0..self.count {
            to[index * self.pitch..][..self.run].copy_from_slice(&self.from[index * self.step..][..self.run]);
        }
    }
}

/// Copies runs in pieces of a length that the compiler knows.
struct CopyPieces<const PIECE: usize>;

impl<'a, T: Scalar, const PIECE: usize> Kernel<(Runs<'a, T>, &'a mut [T])> for CopyPieces<PIECE> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((runs, to): (Runs<'a, T>, &'a mut [T])) {
        let Runs { from, step, pitch, run, count } = runs;
        let pieces = run.next_multiple_of(PIECE);
        if from.len() < (count - 1) * step + pieces {
            // At the end of all images.
            return runs.copy(to);
        }
        let mut at = 0;
        while at < pieces {
            for index in 0..count {
                let from: Option<&[T; PIECE]> = from[index * step + at..].first_chunk();
                let to = to[index * pitch + at..].first_chunk_mut();
                *to.expect("cannot fail: rows have room for whole pieces") = *from.expect("cannot fail: just measured");
            }
            at += PIECE;
        }
    }
}
