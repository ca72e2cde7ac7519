//! Vectors of a table, by their numbers.

use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait TableLookup<T>;

    /// The vector of each number in `ids`, one behind the other: rows of `table`, which is `vocabulary × width`. A number
    /// that has no row gives NaN, `padding` gives zeros.
    pub fn embed(width: usize, table: &[T], padding: Option<usize>, ids: &[T], output: &mut [T]) = embed_body;
    /// Adds the gradient of each vector to its row of `d_table`; numbers without a row, and `padding`, have none.
    pub fn embed_backward(
        width: usize,
        padding: Option<usize>,
        ids: &[T],
        d_output: &[T],
        d_table: &mut [T],
    ) = embed_backward_body;
    /// The sum of the vectors of each `bag` numbers in `ids`, or their mean; `padding` is not counted, and a bag of nothing
    /// else gives zeros. A number that has no row gives NaN.
    pub fn embed_bags(
        bag: usize,
        is_mean: bool,
        width: usize,
        table: &[T],
        padding: Option<usize>,
        ids: &[T],
        output: &mut [T],
    ) = embed_bags_body;
    /// Adds the gradient of [`embed_bags`] to `d_table`.
    pub fn embed_bags_backward(
        bag: usize,
        is_mean: bool,
        width: usize,
        padding: Option<usize>,
        ids: &[T],
        d_output: &[T],
        d_table: &mut [T],
    ) = embed_bags_backward_body;
}

/// What a number stands for.
enum Entry {
    Row(usize),
    Padding,
    Missing,
}

/// Numbers are kept as floats: those that are no whole number from 0 to `rows - 1` have no row.
#[inline(always)]
fn entry<T: Scalar>(id: T, rows: usize, padding: Option<usize>) -> Entry {
    let wide = id.wide();
    // Of NaN and of negative numbers, the cast makes 0.
    let row = wide as usize;
    if row as f64 != wide || row >= rows {
        Entry::Missing
    } else if padding == Some(row) {
        Entry::Padding
    } else {
        Entry::Row(row)
    }
}

#[inline(always)]
fn embed_body<I: Isa, T: Scalar>(width: usize, table: &[T], padding: Option<usize>, ids: &[T], output: &mut [T]) {
    for (&id, output) in ids.iter().zip(output.chunks_exact_mut(width)) {
        match entry(id, table.len() / width, padding) {
            Entry::Row(row) => output.copy_from_slice(&table[row * width..][..width]),
            Entry::Padding => output.fill(T::zero()),
            Entry::Missing => output.fill(T::nan()),
        }
    }
}

#[inline(always)]
fn embed_backward_body<I: Isa, T: Scalar>(
    width: usize,
    padding: Option<usize>,
    ids: &[T],
    d_output: &[T],
    d_table: &mut [T],
) {
    for (&id, d_output) in ids.iter().zip(d_output.chunks_exact(width)) {
        if let Entry::Row(row) = entry(id, d_table.len() / width, padding) {
            add_scaled::<I, T>(T::one(), d_output, &mut d_table[row * width..][..width]);
        }
    }
}

#[inline(always)]
fn embed_bags_body<I: Isa, T: Scalar>(
    bag: usize,
    is_mean: bool,
    width: usize,
    table: &[T],
    padding: Option<usize>,
    ids: &[T],
    output: &mut [T],
) {
    let rows = table.len() / width;
    for (ids, output) in ids.chunks_exact(bag).zip(output.chunks_exact_mut(width)) {
        let share = share(is_mean, rows, padding, ids);
        output.fill(T::zero());
        for &id in ids {
            match entry(id, rows, padding) {
                Entry::Row(row) => add_scaled::<I, T>(share, &table[row * width..][..width], output),
                Entry::Padding => {}
                Entry::Missing => output.fill(T::nan()),
            }
        }
    }
}

#[inline(always)]
fn embed_bags_backward_body<I: Isa, T: Scalar>(
    bag: usize,
    is_mean: bool,
    width: usize,
    padding: Option<usize>,
    ids: &[T],
    d_output: &[T],
    d_table: &mut [T],
) {
    let rows = d_table.len() / width;
    for (ids, d_output) in ids.chunks_exact(bag).zip(d_output.chunks_exact(width)) {
        let share = share(is_mean, rows, padding, ids);
        for &id in ids {
            if let Entry::Row(row) = entry(id, rows, padding) {
                add_scaled::<I, T>(share, d_output, &mut d_table[row * width..][..width]);
            }
        }
    }
}

/// The factor of each vector of a bag: 1, or in a mean one over how many there are.
#[inline(always)]
fn share<T: Scalar>(is_mean: bool, rows: usize, padding: Option<usize>, ids: &[T]) -> T {
    let is_counted = |id: &&T| !matches!(entry(**id, rows, padding), Entry::Padding);
    let count = ids.iter().filter(is_counted).count().max(1);
    if is_mean { T::one() / T::of(count as f64) } else { T::one() }
}

/// `sum += factor · row`
#[inline(always)]
fn add_scaled<I: Isa, T: Scalar>(factor: T, row: &[T], sum: &mut [T]) {
    for (sum, &value) in sum.iter_mut().zip(row) {
        *sum = I::mul_add(factor, value, *sum);
    }
}
