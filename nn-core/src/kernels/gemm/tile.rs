use super::operand::{Depth, Patches};
use crate::Scalar;
use crate::simd::Isa;

/// `NR` neighbouring columns of the right factor, from one row to the next `stride` apart.
#[derive(Clone, Copy)]
pub(super) struct Panel<'a, T> {
    data: &'a [T],
    stride: usize,
    /// How many rows have `NR` scalars and more before the end of the matrix.
    whole: usize,
}

impl<'a, T: Scalar> Panel<'a, T> {
    /// `NR` columns, from the first element of `data` on.
    #[inline(always)]
    pub(super) fn new<const NR: usize>(data: &'a [T], stride: usize) -> Self {
        let whole = match data.len().checked_sub(NR) {
            Some(space) if stride == NR => space / NR + 1,
            Some(space) => space / stride.max(1) + 1,
            None => 0,
        };
        Self { data, stride, whole }
    }

    /// `count` rows from some row on, and how many of them are whole.
    #[inline(always)]
    fn rows(&self, first: usize, count: usize) -> (&'a [T], usize) {
        (&self.data[first * self.stride..], self.whole.saturating_sub(first).min(count))
    }
}

/// The first columns of a row at the end of the matrix, with zeros behind them.
#[inline(always)]
fn padded<T: Scalar, const NR: usize>(rest: &[T]) -> [T; NR] {
    core::array::from_fn(|column| rest.get(column).copied().unwrap_or(T::zero()))
}

/// `MR × NR` results from a left factor whose columns are neighbours. `starts` are its rows' beginnings.
///
/// Behind the end of a row of the right factor stands whatever the next row begins with: it is multiplied too, but those
/// columns of the tile are not stored.
#[inline(always)]
pub(super) fn from_rows<I: Isa, T: Scalar, const MR: usize, const NR: usize>(
    a: &Patches<'_, T>,
    starts: &[usize; MR],
    depth: &Depth,
    b: Panel<'_, T>,
) -> [[T; NR]; MR] {
    let mut sums = [[T::zero(); NR]; MR];
    for run in 0..depth.runs {
        let (first, len) = (run * depth.run_len, depth.run_len);
        let rows: [&[T]; MR] =
            core::array::from_fn(|row| &a.data[starts[row] + depth.offset + run * a.run_stride..][..len]);
        let (panel, whole) = b.rows(first, len);
        for column in 0..whole {
            let b: &[T; NR] = panel[column * b.stride..][..NR].first_chunk().expect("cannot fail: NR long");
            add_products::<I, T, MR, NR>(&mut sums, core::array::from_fn(|row| rows[row][column]), b);
        }
        for column in whole..len {
            let b = padded(&panel[column * b.stride..]);
            add_products::<I, T, MR, NR>(&mut sums, core::array::from_fn(|row| rows[row][column]), &b);
        }
    }
    sums
}

/// `MR × NR` results from a left factor whose rows are neighbours, `MR` of them from `start` on.
#[inline(always)]
pub(super) fn from_columns<I: Isa, T: Scalar, const MR: usize, const NR: usize>(
    a: &Patches<'_, T>,
    start: usize,
    depth: &Depth,
    b: Panel<'_, T>,
) -> [[T; NR]; MR] {
    let mut sums = [[T::zero(); NR]; MR];
    for run in 0..depth.runs {
        let (first, len) = (run * depth.run_len, depth.run_len);
        let rows = &a.data[start + depth.offset + run * a.run_stride..];
        let rows = |column: usize| -> [T; MR] {
            *rows[column * a.column_stride..][..MR].first_chunk().expect("cannot fail: MR long")
        };
        let (panel, whole) = b.rows(first, len);
        for column in 0..whole {
            let b: &[T; NR] = panel[column * b.stride..][..NR].first_chunk().expect("cannot fail: NR long");
            add_products::<I, T, MR, NR>(&mut sums, rows(column), b);
        }
        for column in whole..len {
            add_products::<I, T, MR, NR>(&mut sums, rows(column), &padded(&panel[column * b.stride..]));
        }
    }
    sums
}

#[inline(always)]
fn add_products<I: Isa, T: Scalar, const MR: usize, const NR: usize>(
    sums: &mut [[T; NR]; MR],
    a: [T; MR],
    b: &[T; NR],
) {
    for (sums, a) in sums.iter_mut().zip(a) {
        for (sum, &b) in sums.iter_mut().zip(b) {
            *sum = I::mul_add(a, b, *sum);
        }
    }
}

/// How the results of a tile are stored: `max(old + sum + bias, floor)`, where the old value may be left out.
#[derive(Clone, Copy)]
pub(super) struct Finish<T, const NR: usize> {
    pub(super) add: bool,
    pub(super) bias: [T; NR],
    pub(super) floor: T,
}

impl<T: Scalar, const NR: usize> Finish<T, NR> {
    /// Stores `columns` columns of some rows; `c` begins at the first of them, its rows are `width` apart.
    #[inline(always)]
    pub(super) fn store(&self, sums: &[[T; NR]], c: &mut [T], width: usize, columns: usize) {
        for (row, sums) in sums.iter().enumerate() {
            let c = &mut c[row * width..][..columns];
            match c.first_chunk_mut::<NR>() {
                Some(c) => self.store_row(sums, c),
                None => self.store_row(sums, c),
            }
        }
    }

    #[inline(always)]
    fn store_row(&self, sums: &[T; NR], c: &mut [T]) {
        for ((c, &sum), &bias) in c.iter_mut().zip(sums).zip(&self.bias) {
            let value = if self.add { *c + sum } else { sum } + bias;
            // This way round NaN stays NaN.
            *c = if value < self.floor { self.floor } else { value };
        }
    }
}
