use crate::Scalar;
use crate::simd::{Isa, Lines, RowMut, Rows, Starts, for_each_column, for_each_row};

/// `NR` neighbouring columns of the right factor, from one row to the next `stride` apart. The last row is whole too.
#[derive(Clone, Copy)]
pub(super) struct Panel<'a, T> {
    pub(super) data: &'a [T],
    pub(super) stride: usize,
}

impl<'a, T: Scalar> Panel<'a, T> {
    #[inline(always)]
    fn steps(&self) -> Rows<'a, T> {
        Rows { data: self.data, stride: self.stride }
    }

    /// What is left behind some rows.
    #[inline(always)]
    fn behind(&self, rows: usize) -> Self {
        Self { data: self.data.get(rows * self.stride..).unwrap_or(&[]), stride: self.stride }
    }
}

/// The part of the left factor that a tile reads: some runs of columns, `len` columns each.
#[derive(Clone, Copy)]
pub(super) struct Runs {
    pub(super) count: usize,
    pub(super) len: usize,
    /// From one run to the next.
    pub(super) stride: usize,
}

/// Adds a product to `MR × NR` sums, from a left factor that has the columns of a row side by side: `a` begins at the first
/// of the rows, which begin at `starts`.
#[inline(always)]
pub(super) fn from_rows<I: Isa, T: Scalar, const MR: usize, const NR: usize>(
    mut sums: [[T; NR]; MR],
    a: &[T],
    starts: &Starts<MR>,
    runs: Runs,
    mut b: Panel<'_, T>,
) -> [[T; NR]; MR] {
    for run in 0..runs.count {
        let rows = Lines::new(&a[run * runs.stride..], starts, runs.len);
        for_each_column(&rows, b.steps(), |a, b| add_products::<I, T, MR, NR>(&mut sums, |row| a.at(row), b));
        b = b.behind(runs.len);
    }
    sums
}

/// Adds a product to `MR × NR` sums, from a left factor that has the rows of a column side by side: `a` begins at the first
/// row, columns are `stride` apart.
#[inline(always)]
pub(super) fn from_columns<I: Isa, T: Scalar, const MR: usize, const NR: usize>(
    mut sums: [[T; NR]; MR],
    a: &[T],
    stride: usize,
    runs: Runs,
    mut b: Panel<'_, T>,
) -> [[T; NR]; MR] {
    for run in 0..runs.count {
        let a = Rows { data: &a[run * runs.stride..], stride };
        for_each_row(a, b.steps(), runs.len, |a: &[T; MR], b| add_products::<I, T, MR, NR>(&mut sums, |row| a[row], b));
        b = b.behind(runs.len);
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
        I::add_product(a(row), b, sums);
    }
}

/// What the sums of a tile start with, and how they are stored: `max(old + bias + sums, floor)`, where the old value may be
/// left out.
#[derive(Clone, Copy)]
pub(super) struct Finish<T, const NR: usize> {
    pub(super) add: bool,
    pub(super) bias: [T; NR],
    /// Zero for Relu.
    pub(super) floor: Option<T>,
}

impl<T: Scalar, const NR: usize> Finish<T, NR> {
    /// The sums before anything has been multiplied; `c` is where the tile stands.
    #[inline(always)]
    pub(super) fn start<I: Isa, const MR: usize>(&self, c: &mut RowMut<'_, T, MR>) -> [[T; NR]; MR] {
        let mut sums = [self.bias; MR];
        if self.add {
            for (row, sums) in sums.iter_mut().enumerate() {
                I::add_product(T::one(), c.at::<NR>(row, 0), sums);
            }
        }
        sums
    }

    /// Stores a tile.
    #[inline(always)]
    pub(super) fn store<I: Isa, const MR: usize>(&self, mut sums: [[T; NR]; MR], c: &mut RowMut<'_, T, MR>) {
        if let Some(floor) = self.floor {
            for sums in &mut sums {
                I::raise(floor, sums);
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            *c.at(row, 0) = *sums;
        }
    }
}
