use super::Matrix;
use crate::Scalar;
use crate::simd::Isa;
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
            pack_transposed::<I, T, NR>(b, rows.clone(), columns, panel.as_chunks_mut().0);
        }
    }
}

/// Copies at most `NR` columns that are stored as rows, with zeros behind the last.
#[inline(always)]
fn pack_transposed<I: Isa, T: Scalar, const NR: usize>(
    b: Matrix<'_, T>,
    rows: Range<usize>,
    columns: Range<usize>,
    panel: &mut [[T; NR]],
) {
    let column = |column: usize| &b.data[column * b.column_stride..][rows.clone()];
    let whole = columns.len() / 8 * 8;
    for first in (0..whole).step_by(8) {
        let mut sources: [&[T]; 8] = [&[]; 8];
        for (index, source) in sources.iter_mut().enumerate() {
            *source = column(columns.start + first + index);
        }
        pack_eight::<I, T, NR>(&sources, first, panel);
    }
    for index in whole..columns.len() {
        for (row, &value) in panel.iter_mut().zip(column(columns.start + index)) {
            row[index] = value;
        }
    }
    for index in columns.len()..NR {
        panel.iter_mut().for_each(|row| row[index] = T::zero());
    }
}

/// Copies eight columns to the eight from `first` on.
#[inline(always)]
fn pack_eight<I: Isa, T: Scalar, const NR: usize>(sources: &[&[T]; 8], first: usize, panel: &mut [[T; NR]]) {
    let whole = panel.len() / 8 * 8;
    for (index, to) in panel.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let mut block = [[T::zero(); 8]; 8];
        for (row, source) in block.iter_mut().zip(sources) {
            *row = *source[index * 8..].first_chunk().expect("cannot fail: a whole block");
        }
        for (to, from) in to.iter_mut().zip(I::transpose(&block)) {
            *to[first..].first_chunk_mut().expect("cannot fail: eight columns are there") = from;
        }
    }
    for (row, to) in panel.iter_mut().enumerate().skip(whole) {
        for (to, source) in to[first..].iter_mut().zip(sources) {
            *to = source[row];
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
