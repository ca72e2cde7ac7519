use super::Matrix;
use core::ops::Range;

/// The left factor of a product: a matrix whose rows come in groups and whose columns come in runs.
///
/// Element (row `r` of group `g`, column `c` of run `s`) stands at `g · group_stride + r · row_stride + s · run_stride +
/// c · column_stride`, and one of `row_stride` and `column_stride` is 1. An ordinary matrix is one group and one run. The
/// patches that a convolution slides over are such a matrix without being copied: a group is a row of output positions, a
/// run is a row of the window.
#[derive(Clone, Copy, Debug)]
pub struct Patches<'a, T> {
    pub(crate) data: &'a [T],
    pub(crate) groups: usize,
    pub(crate) group_len: usize,
    pub(crate) group_stride: usize,
    pub(crate) row_stride: usize,
    pub(crate) runs: usize,
    pub(crate) run_len: usize,
    pub(crate) run_stride: usize,
    pub(crate) column_stride: usize,
}

impl<'a, T> Patches<'a, T> {
    /// An ordinary `m × k` matrix.
    #[inline(always)]
    pub(crate) fn matrix(matrix: Matrix<'a, T>, m: usize, k: usize) -> Self {
        let Matrix { data, row_stride, column_stride } = matrix;
        Self {
            data,
            groups: 1,
            group_len: m,
            group_stride: 0,
            row_stride,
            runs: 1,
            run_len: k,
            run_stride: 0,
            column_stride,
        }
    }

    /// The same elements with rows and columns exchanged.
    #[inline(always)]
    pub(crate) fn transposed(self) -> Self {
        Self {
            data: self.data,
            groups: self.runs,
            group_len: self.run_len,
            group_stride: self.run_stride,
            row_stride: self.column_stride,
            runs: self.groups,
            run_len: self.group_len,
            run_stride: self.group_stride,
            column_stride: self.row_stride,
        }
    }

    /// The number of rows.
    #[inline(always)]
    pub(super) fn height(&self) -> usize {
        self.groups * self.group_len
    }
}

/// A stretch of columns that is summed in registers: some whole runs, or a part of one.
#[derive(Clone, Copy)]
pub(super) struct Depth {
    /// Its first column.
    pub(super) first: usize,
    /// Where the first column stands in a row.
    pub(super) offset: usize,
    pub(super) runs: usize,
    pub(super) run_len: usize,
}

impl Depth {
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.runs * self.run_len
    }

    #[inline(always)]
    pub(super) fn columns(&self) -> Range<usize> {
        self.first..self.first + self.len()
    }
}

/// Cuts all columns into stretches of at most `limit`, of about one length. There is at least one, if only an empty one.
#[inline(always)]
pub(super) fn depths<T>(a: &Patches<'_, T>, limit: usize) -> impl Iterator<Item = Depth> {
    let Patches { runs, run_len, run_stride, column_stride, .. } = *a;
    let runs = if run_len == 0 { 0 } else { runs };
    let even = |count: usize, most: usize| count.max(1).div_ceil(count.max(1).div_ceil(most.max(1)));
    let [group, piece] = [even(runs, limit / run_len.max(1)), even(run_len, limit)];
    (0..runs.max(1)).step_by(group).flat_map(move |run| {
        (0..run_len.max(1)).step_by(piece).map(move |column| Depth {
            first: run * run_len + column,
            offset: run * run_stride + column * column_stride,
            runs: group.min(runs - run),
            run_len: piece.min(run_len - column),
        })
    })
}
