use crate::Scalar;
use crate::simd::{CACHE_LINE, Isa, Lines, Rows, Spacing, Starts, TileMut, for_each_column, for_each_row, prefetch};

/// The part of the left factor that a tile reads: some runs of columns, `len` columns each.
#[derive(Clone, Copy)]
pub(super) struct Runs {
    pub(super) count: usize,
    pub(super) len: usize,
    /// From one run to the next.
    pub(super) stride: usize,
}

/// Adds a product to `MR × NR` sums, from a left factor that has the columns of a row side by side: `run` gives each run from
/// the first of the rows on, which begin at `starts`.
#[inline(always)]
pub(super) fn from_rows<'a, I: Isa, T: Scalar, const MR: usize, const NR: usize>(
    mut sums: [[T; NR]; MR],
    run: impl Fn(usize) -> &'a [T],
    starts: &Starts<MR>,
    runs: Runs,
    b: Rows<'_, T, NR>,
) -> [[T; NR]; MR] {
    for index in 0..runs.count {
        let rows = Lines::new(run(index), starts, runs.len);
        let b = b.part(index * runs.len, runs.len);
        for_each_column(&rows, b, |a, b| add_products::<I, T, MR, NR>(&mut sums, |row| a.at(row), b));
    }
    sums
}

/// Adds a product to `MR × NR` sums, from a left factor that has the rows of a column side by side: `run` gives each run from
/// the first row on, its columns lie as the spacing says.
#[inline(always)]
pub(super) fn from_columns<'a, I: Isa, T: Scalar, const MR: usize, const NR: usize>(
    mut sums: [[T; NR]; MR],
    run: impl Fn(usize) -> &'a [T],
    spacing: Spacing<MR>,
    runs: Runs,
    b: Rows<'_, T, NR>,
) -> [[T; NR]; MR] {
    for index in 0..runs.count {
        let a = spacing.rows(run(index));
        let b = b.part(index * runs.len, runs.len);
        for_each_row(a, b, |a: &[T; MR], b| add_products::<I, T, MR, NR>(&mut sums, |row| a[row], b));
    }
    sums
}

/// Adds the products of one number for each row with the same `NR` others.
#[inline(always)]
pub(crate) fn add_products<I: Isa, T: Scalar, const MR: usize, const NR: usize>(
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
    /// Whether the result does not fit into the first-level cache: then it is asked for ahead, since a store, too, waits until
    /// its line has come. Where a row takes several lines, those would be ahead of the factors in the queue: 2 to 7 % slower
    /// with AVX-512.
    pub(super) comes_from_afar: bool,
    /// Zero for Relu.
    pub(super) floor: Option<T>,
}

impl<T: Scalar, const NR: usize> Finish<T, NR> {
    /// The sums of a tile before anything has been multiplied. What was there is added last, so that nothing waits for it.
    #[inline(always)]
    pub(super) fn start<I: Isa, const MR: usize>(&self, c: &mut TileMut<'_, T, MR, NR>) -> [[T; NR]; MR] {
        if I::VECTOR_BYTES < CACHE_LINE && self.comes_from_afar {
            (0..MR).for_each(|row| prefetch(c.row(row)));
        }
        [self.bias; MR]
    }

    /// Stores a tile.
    #[inline(always)]
    pub(super) fn store<I: Isa, const MR: usize>(&self, mut sums: [[T; NR]; MR], c: &mut TileMut<'_, T, MR, NR>) {
        if self.add {
            for (row, sums) in sums.iter_mut().enumerate() {
                I::add_product(T::one(), c.row(row), sums);
            }
        }
        if let Some(floor) = self.floor {
            for sums in &mut sums {
                I::raise(floor, sums);
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            *c.row(row) = *sums;
        }
    }
}
