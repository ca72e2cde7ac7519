use super::Matrix;
use super::operand::{Depth, Patches};
use crate::Scalar;
use core::ops::Range;

/// Copies some columns of the right factor into panels `NR` wide, one behind the other, with zeros behind the last column.
#[inline(always)]
pub(super) fn pack_panels<T: Scalar, const NR: usize>(
    b: Matrix<'_, T>,
    rows: Range<usize>,
    columns: Range<usize>,
    panels: &mut [T],
) {
    if b.column_stride == 1 {
        // Row by row, so that the memory is read in order.
        for (index, row) in rows.clone().enumerate() {
            let (whole, rest) = b.data[row * b.row_stride..][columns.clone()].as_chunks::<NR>();
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
            pack_transposed::<T, NR>(b, rows.clone(), columns, panel.as_chunks_mut().0);
        }
    }
}

/// Copies at most `NR` columns that are stored as rows.
#[inline(always)]
fn pack_transposed<T: Scalar, const NR: usize>(
    b: Matrix<'_, T>,
    rows: Range<usize>,
    columns: Range<usize>,
    panel: &mut [[T; NR]],
) {
    let count = columns.len();
    let column = |column: usize| &b.data[column * b.column_stride..][rows.clone()];
    if count < NR {
        panel.as_flattened_mut().fill(T::zero());
        for (index, values) in columns.map(column).enumerate() {
            for (to, &value) in panel.iter_mut().zip(values) {
                to[index] = value;
            }
        }
        return;
    }
    let mut sources: [&[T]; NR] = [&[]; NR];
    for (source, index) in sources.iter_mut().zip(columns) {
        *source = column(index);
    }
    for (row, to) in panel.iter_mut().enumerate() {
        for (to, source) in to.iter_mut().zip(&sources) {
            *to = source[row];
        }
    }
}

/// Copies `count` neighbouring rows of the left factor, from `start` on, column by column, `MR` apart with zeros behind.
#[inline(always)]
pub(super) fn pack_tile<T: Scalar, const MR: usize>(
    a: &Patches<'_, T>,
    start: usize,
    count: usize,
    depth: &Depth,
    tile: &mut [T],
) {
    let (tile, _) = tile.as_chunks_mut::<MR>();
    for run in 0..depth.runs {
        let from = &a.data[start + depth.offset + run * a.run_stride..];
        let tile = &mut tile[run * depth.run_len..][..depth.run_len];
        for (column, to) in tile.iter_mut().enumerate() {
            let from = &from[column * a.column_stride..][..count];
            match from.first_chunk::<MR>() {
                Some(from) => *to = *from,
                None => {
                    to.fill(T::zero());
                    to[..count].copy_from_slice(from);
                }
            }
        }
    }
}
