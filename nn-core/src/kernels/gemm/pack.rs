use super::Matrix;
use crate::Scalar;
use crate::simd::{Grid, Isa, prefetch, prefetch_ahead};
use core::ops::Range;

/// Copies some columns of the right factor into panels `NR` wide, one behind the other, with zeros behind the last column.
#[inline(always)]
pub(super) fn pack_panels<I: Isa, T: Scalar, const NR: usize>(
    b: Matrix<'_, T>,
    rows: Range<usize>,
    columns: Range<usize>,
    panels: &mut [T],
) {
    if b.column_stride == 1 {
        // Row by row, so that the memory is read in order.
        for (index, row) in rows.clone().enumerate() {
            let from = &b.data[row * b.row_stride..][columns.clone()];
            if from.len() < b.row_stride {
                // No hardware looks ahead across pages.
                prefetch_ahead(from, 2 * b.row_stride);
            }
            let (whole, rest) = from.as_chunks::<NR>();
            for (panel, from) in whole.iter().enumerate() {
                panels[(panel * rows.len() + index) * NR..][..NR].copy_from_slice(from);
            }
            if !rest.is_empty() {
                let to = &mut panels[(whole.len() * rows.len() + index) * NR..][..NR];
                to[rest.len()..].fill(T::zero());
                to[..rest.len()].copy_from_slice(rest);
            }
        }
    } else {
        let panels = panels.chunks_exact_mut((rows.len() * NR).max(1));
        for (column, panel) in columns.clone().step_by(NR).zip(panels) {
            let columns = column..(column + NR).min(columns.end);
            pack_transposed::<I, T, NR>(b, rows.clone(), columns, panel.as_chunks_mut().0);
        }
    }
}

/// Rows of a panel that are filled together, from columns that are stored as rows: they stay in the first-level cache until
/// all columns are there.
const FILLED: usize = 64;

/// Copies at most `NR` columns that are stored as rows, with zeros behind the last.
#[inline(always)]
fn pack_transposed<I: Isa, T: Scalar, const NR: usize>(
    b: Matrix<'_, T>,
    rows: Range<usize>,
    columns: Range<usize>,
    panel: &mut [[T; NR]],
) {
    let whole = columns.len() / 8 * 8;
    for (part, panel) in panel.chunks_mut(FILLED).enumerate() {
        let column = |column: usize| &b.data[(columns.start + column) * b.column_stride + rows.start + part * FILLED..];
        for first in (0..whole).step_by(8) {
            // Eight places at once are more than hardware follows.
            for next in first + 8..(first + 16).min(whole) {
                prefetch(&column(next)[..panel.len()]);
            }
            pack_eight::<I, T, NR>(Grid::new(column(first), [8, 1], [b.column_stride, 0], panel.len()), first, panel);
        }
        for index in whole..columns.len() {
            let column = &column(index)[..panel.len()];
            panel.iter_mut().zip(column).for_each(|(row, &value)| row[index] = value);
        }
        for index in columns.len()..NR {
            panel.iter_mut().for_each(|row| row[index] = T::zero());
        }
    }
}

/// Copies eight columns, each a row of the grid, to the eight from `first` on.
#[inline(always)]
fn pack_eight<I: Isa, T: Scalar, const NR: usize>(sources: Grid<'_, T>, first: usize, panel: &mut [[T; NR]]) {
    let whole = panel.len() / 8 * 8;
    for (index, to) in panel.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let block = core::array::from_fn(|row| *sources.at(row, 0, 8 * index));
        let transposed = I::transpose(&block);
        // By reference: an array that is moved into a loop stays in memory.
        for (to, from) in to.iter_mut().zip(&transposed) {
            *to[first..].first_chunk_mut().expect("cannot fail: eight columns are there") = *from;
        }
    }
    for (row, to) in panel.iter_mut().enumerate().skip(whole) {
        for (column, to) in to[first..].iter_mut().enumerate().take(8) {
            [*to] = *sources.at(column, 0, row);
        }
    }
}

/// Copies `rows` neighbouring rows of the left factor, whose columns are `stride` apart, into tiles of `MR` rows, which are
/// `tile_stride` apart: column by column, with zeros behind the last row. Columns often lie on pages of their own: each is read
/// once for all tiles.
#[inline(always)]
pub(super) fn pack_columns<T: Scalar, const MR: usize>(
    from: &[T],
    stride: usize,
    [rows, columns]: [usize; 2],
    tiles: &mut [T],
    tile_stride: usize,
) {
    for column in 0..columns {
        if column + 1 < columns {
            // No hardware looks ahead across pages.
            prefetch(&from[(column + 1) * stride..][..rows]);
        }
        let (whole, rest) = from[column * stride..][..rows].as_chunks::<MR>();
        for (tile, from) in whole.iter().enumerate() {
            tiles[tile * tile_stride + column * MR..][..MR].copy_from_slice(from);
        }
        if !rest.is_empty() {
            let to = &mut tiles[whole.len() * tile_stride + column * MR..][..MR];
            to.fill(T::zero());
            to[..rest.len()].copy_from_slice(rest);
        }
    }
}
