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

/// Some columns of the right factor, cut into panels.
pub(super) struct Panels<'a, T> {
    pub(super) data: &'a [T],
    /// From one row of a panel to the next.
    pub(super) stride: usize,
    /// From one panel to the next.
    pub(super) step: usize,
    /// How many columns there are in all panels.
    pub(super) columns: usize,
}

impl<'a, T: Scalar> Panels<'a, T> {
    /// The panel that begins with some column.
    #[inline(always)]
    pub(super) fn at<const NR: usize>(&self, column: usize) -> Panel<'a, T> {
        let data = self.data.get(column / NR * self.step..).unwrap_or(&[]);
        let whole = match data.len().checked_sub(NR) {
            Some(space) if self.stride == NR => space / NR + 1,
            Some(space) => space / self.stride.max(1) + 1,
            None => 0,
        };
        Panel { data, stride: self.stride, whole }
    }
}

impl<'a, T: Scalar> Panel<'a, T> {
    /// `count` rows from some row on, and how many of them are whole.
    #[inline(always)]
    fn rows(&self, first: usize, count: usize) -> (&'a [T], usize) {
        (&self.data[first * self.stride..], self.whole.saturating_sub(first).min(count))
    }
}

/// The first columns of a row at the end of the matrix, with zeros behind them.
#[inline(always)]
fn padded<T: Scalar, const NR: usize>(rest: &[T]) -> [T; NR] {
    let mut row = [T::zero(); NR];
    for (to, &from) in row.iter_mut().zip(rest) {
        *to = from;
    }
    row
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
        let mut rows: [&[T]; MR] = [&[]; MR];
        for (row, start) in rows.iter_mut().zip(starts) {
            *row = &a.data[start + depth.offset + run * a.run_stride..][..len];
        }
        let (panel, whole) = b.rows(first, len);
        for column in 0..whole {
            let b: &[T; NR] = panel[column * b.stride..][..NR].first_chunk().expect("cannot fail: NR long");
            add_products::<I, T, MR, NR>(&mut sums, |row| rows[row][column], b);
        }
        for column in whole..len {
            let b = padded(&panel[column * b.stride..]);
            add_products::<I, T, MR, NR>(&mut sums, |row| rows[row][column], &b);
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
            let a = rows(column);
            add_products::<I, T, MR, NR>(&mut sums, |row| a[row], b);
        }
        for column in whole..len {
            let (a, b) = (rows(column), padded(&panel[column * b.stride..]));
            add_products::<I, T, MR, NR>(&mut sums, |row| a[row], &b);
        }
    }
    sums
}

#[inline(always)]
fn add_products<I: Isa, T: Scalar, const MR: usize, const NR: usize>(
    sums: &mut [[T; NR]; MR],
    a: impl Fn(usize) -> T,
    b: &[T; NR],
) {
    for (row, sums) in sums.iter_mut().enumerate() {
        let a = a(row);
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
    /// Stores `columns` columns of the rows `skip..skip + count` of a tile; `c` begins at the first of them, its rows are
    /// `width` apart.
    #[inline(always)]
    pub(super) fn store<const MR: usize>(
        &self,
        sums: &[[T; NR]; MR],
        [skip, count]: [usize; 2],
        c: &mut [T],
        width: usize,
        columns: usize,
    ) {
        if count == MR && columns == NR {
            self.store_whole(sums, c, width);
        } else {
            for (row, sums) in sums[skip..skip + count].iter().enumerate() {
                for (column, c) in c[row * width..][..columns].iter_mut().enumerate() {
                    *c = self.value(sums[column], if self.add { *c } else { T::zero() }, self.bias[column]);
                }
            }
        }
    }

    /// As [`Finish::store`], with all counts known to the compiler: the sums go from registers to their places.
    #[inline(always)]
    fn store_whole<const MR: usize>(&self, sums: &[[T; NR]; MR], c: &mut [T], width: usize) {
        for (row, sums) in sums.iter().enumerate() {
            let c: &mut [T; NR] = c[row * width..][..NR].first_chunk_mut().expect("cannot fail: NR long");
            let old = if self.add { *c } else { [T::zero(); NR] };
            // A local array: nothing else can stand in its memory, so the loop is vectorised.
            let mut values = [T::zero(); NR];
            for column in 0..NR {
                values[column] = self.value(sums[column], old[column], self.bias[column]);
            }
            *c = values;
        }
    }

    #[inline(always)]
    fn value(&self, sum: T, old: T, bias: T) -> T {
        let value = (old + sum) + bias;
        // This way round NaN stays NaN.
        if value < self.floor { self.floor } else { value }
    }
}
