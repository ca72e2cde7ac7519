use super::Matrix;
use super::operand::{Depth, Patches};
use crate::Scalar;
use core::ops::Range;

/// Copies some columns of the right factor into a panel `NR` wide, with zeros behind them.
#[inline(always)]
pub(super) fn pack_panel<T: Scalar, const NR: usize>(
    b: Matrix<'_, T>,
    rows: Range<usize>,
    columns: Range<usize>,
    panel: &mut [T],
) {
    let (panel, _) = panel.as_chunks_mut::<NR>();
    if b.column_stride == 1 {
        for (to, row) in panel.iter_mut().zip(rows) {
            let from = &b.data[row * b.row_stride..][columns.clone()];
            match from.first_chunk::<NR>() {
                Some(from) => *to = *from,
                None => {
                    to.fill(T::zero());
                    to[..from.len()].copy_from_slice(from);
                }
            }
        }
    } else {
        let panel = &mut panel[..rows.len()];
        if columns.len() < NR {
            panel.as_flattened_mut().fill(T::zero());
        }
        let (len, first) = (panel.len(), rows.start);
        let column = |column: usize| &b.data[(columns.start + column) * b.column_stride + first..][..len];
        if columns.len() == NR {
            let columns: [&[T]; NR] = core::array::from_fn(column);
            for (row, to) in panel.iter_mut().enumerate() {
                for (to, column) in to.iter_mut().zip(&columns) {
                    *to = column[row];
                }
            }
        } else {
            for index in 0..columns.len() {
                for (to, &value) in panel.iter_mut().zip(column(index)) {
                    to[index] = value;
                }
            }
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
