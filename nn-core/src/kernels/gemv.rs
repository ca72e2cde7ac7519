//! One row times a matrix of any size: what a prediction for one sample does in its wide layers.

use super::activate_in_place;
use super::kernels;
use super::row::{columns_of, strip_sums, widest};
use crate::Scalar;
use crate::simd::{Isa, prefetch_ahead};
use crate::spec::Activation;
use core::sync::atomic::{AtomicBool, Ordering};

kernels! {
    trait RowProduct<T>;

    /// `output = activation(input · weight + bias)` for one row of inputs. `weight` holds a row of `output.len()` numbers
    /// for each input, `bias` is as long as the output or empty.
    ///
    /// The weights are read once, nearly in order: the speed is that of the memory they lie in.
    pub fn gemv(input: &[T], weight: &[T], bias: &[T], activation: Activation, output: &mut [T]) = gemv_body;
}

/// Elements of the weight in one block of rows: in blocks this long the memory is read nearly in order (strips over all rows
/// took 1.4 times as long from the L2 and L3 cache), while sums stay in registers for some dozen rows.
const BLOCK: usize = 1 << 12;
/// Rows that are read side by side where there are more than one block of them.
const BESIDE: usize = 4;
/// Bytes between what is read and what is asked for then.
const AHEAD: usize = 1 << 12;

#[inline(always)]
fn gemv_body<I: Isa, T: Scalar>(input: &[T], weight: &[T], bias: &[T], activation: Activation, output: &mut [T]) {
    let width = output.len();
    assert!(weight.len() == input.len() * width, "a row of weights for each input");
    if width == 0 {
        return;
    }
    if bias.is_empty() {
        output.fill(T::zero());
    } else {
        output.copy_from_slice(bias);
    }
    let rows = (PART / width).max(1);
    let parts = input.len().div_ceil(rows);
    if weight.len() >= LARGE && parts * width <= SUMS {
        add_parts::<I, T>(input, weight, rows, output);
    } else {
        add_rows::<I, T>(input, weight, output);
    }
    // By the entry point: one code for every activation is enough.
    activate_in_place(activation, output);
}

/// Elements of a matrix that does not fit into a usual second-level cache; those of a part of it; and those of all parts' sums.
const LARGE: usize = 1 << 18;
const PART: usize = 1 << 16;
const SUMS: usize = 1 << 12;

/// Whether the next large matrix is read from its end. Where a network with one such matrix is asked again and again, each call
/// finds in the second-level cache what the one before has read last: read in one direction, it would have been driven out by
/// the time it comes. Several large matrices drive each other out whichever way they are read.
static FROM_THE_END: AtomicBool = AtomicBool::new(false);

/// `output += input · weight`, in parts of so many rows, from the first or from the last. They are summed each for itself,
/// and then in order: the result does not tell the direction.
#[inline(always)]
fn add_parts<I: Isa, T: Scalar>(input: &[T], weight: &[T], rows: usize, output: &mut [T]) {
    let (width, parts) = (output.len(), input.len().div_ceil(rows));
    let mut sums = [T::zero(); SUMS];
    let is_backward = FROM_THE_END.load(Ordering::Relaxed);
    FROM_THE_END.store(!is_backward, Ordering::Relaxed);
    for index in 0..parts {
        let part = if is_backward { parts - 1 - index } else { index };
        let (from, to) = (part * rows, input.len().min((part + 1) * rows));
        add_rows::<I, T>(&input[from..to], &weight[from * width..to * width], &mut sums[part * width..][..width]);
    }
    for sums in sums.chunks_exact(width).take(parts) {
        output.iter_mut().zip(sums).for_each(|(output, sum)| *output += *sum);
    }
}

/// `output += input · weight`, in blocks of rows.
#[inline(always)]
fn add_rows<I: Isa, T: Scalar>(input: &[T], weight: &[T], output: &mut [T]) {
    let width = output.len();
    let rows = (BLOCK / width).max(16);
    let is_long = input.len() > rows;
    for (input, weight) in input.chunks(rows).zip(weight.chunks(rows * width)) {
        let first = if is_long { add_some_rows::<I, T>(input, weight, output) } else { 0 };
        add_block::<I, T>(input, weight, width, first, &mut output[first..]);
    }
}

/// `output += input · weight` for as many columns as whole strips have, which it returns: some rows at a time, whose strips
/// are asked for before they are read. From a third-level cache it is 1.25 times as fast as strips of a block (58 and 72 GB/s
/// on a Zen 3, where nothing but reading reaches 74), 1.1 times from a second-level cache.
#[inline(always)]
fn add_some_rows<I: Isa, T: Scalar>(input: &[T], weight: &[T], output: &mut [T]) -> usize {
    match const { widest::<I, T>() } {
        128 => add_strips_beside::<I, T, 128>(input, weight, output),
        64 => add_strips_beside::<I, T, 64>(input, weight, output),
        32 => add_strips_beside::<I, T, 32>(input, weight, output),
        _ => add_strips_beside::<I, T, 16>(input, weight, output),
    }
}

#[inline(always)]
fn add_strips_beside<I: Isa, T: Scalar, const STRIP: usize>(input: &[T], weight: &[T], output: &mut [T]) -> usize {
    let width = output.len();
    let distance = width.min(AHEAD / size_of::<T>() / BESIDE);
    for (input, rows) in input.chunks(BESIDE).zip(weight.chunks(BESIDE * width)) {
        for (strip, sums) in output.as_chunks_mut::<STRIP>().0.iter_mut().enumerate() {
            let column = strip * STRIP;
            // Behind the last strip come the next rows.
            let distance = if column + distance < width { distance } else { distance + (BESIDE - 1) * width };
            let mut total = *sums;
            for (&input, row) in input.iter().zip(rows.chunks_exact(width)) {
                let columns = columns_of(row, column);
                prefetch_ahead(columns, distance);
                I::add_product(input, columns, &mut total);
            }
            *sums = total;
        }
    }
    width / STRIP * STRIP
}

/// `output += input · weight` for some columns of a weight that is `width` wide, from `first` on: in strips whose sums stay in
/// registers; see [`super::row`].
#[inline(always)]
pub(super) fn add_block<I: Isa, T: Scalar>(input: &[T], weight: &[T], width: usize, first: usize, output: &mut [T]) {
    let mut column = 0;
    macro_rules! strips {
        ($($strip:literal x $chains:literal),*) => {{$(
            while output.len() - column >= $strip {
                let sums = strip_sums::<I, T, $strip, $chains>(input, weight, width, first + column);
                output[column..column + $strip].iter_mut().zip(sums).for_each(|(output, sum)| *output += sum);
                column += $strip;
            }
        )*}};
    }
    match const { widest::<I, T>() } {
        128 => strips! { 128 x 1, 64 x 2, 32 x 4, 16 x 8, 4 x 8, 1 x 64 },
        64 => strips! { 64 x 1, 32 x 2, 16 x 4, 8 x 8, 4 x 8, 1 x 32 },
        32 => strips! { 32 x 1, 16 x 2, 8 x 4, 4 x 8, 1 x 16 },
        _ => strips! { 16 x 1, 8 x 2, 4 x 4, 2 x 8, 1 x 8 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, on_each_kind, random_shapes};
    use std::vec;
    use std::vec::Vec;

    fn agrees<T: Scalar>(seed: u64, cases: usize) {
        let mut numbers = Numbers::new(seed);
        for case in 0..cases {
            let (depth, width) = match case % 10 {
                0 => (numbers.size(0, 3), numbers.size(0, 3)),
                1 => (numbers.size(100, 5000), numbers.size(1, 3)),
                2 => (numbers.size(1, 40), numbers.size(200, 900)),
                3 if case < 30 => (numbers.size(1800, 2500), numbers.size(140, 160)),
                _ => (numbers.size(1, 150), numbers.size(1, 150)),
            };
            let (input, weight): (Vec<T>, Vec<T>) = (numbers.integers(depth), numbers.integers(depth * width));
            let bias: Vec<T> = if case % 2 == 0 { numbers.integers(width) } else { Vec::new() };
            let (activation, floor) = match case % 3 {
                0 => (Activation::Relu, T::zero()),
                _ => (Activation::Identity, T::neg_infinity()),
            };
            let expected: Vec<T> = (0..width)
                .map(|column| {
                    let sum: T = (0..depth).map(|row| input[row] * weight[row * width + column]).sum();
                    (sum + bias.get(column).copied().unwrap_or(T::zero())).max(floor)
                })
                .collect();
            let mut found = vec![T::nan(); width];
            gemv(&input, &weight, &bias, activation, &mut found);
            assert_eq!(found, expected, "{depth} × {width}");
            on_each_kind!(|Kind| {
                found.fill(T::nan());
                gemv_body::<Kind, T>(&input, &weight, &bias, activation, &mut found);
                assert_eq!(found, expected, "{depth} × {width}");
            });
        }
    }

    random_shapes! { agrees as equals_its_naive_twin: 300 from 6; }

    #[test]
    fn a_large_matrix_gives_the_same_from_either_end() {
        let (depth, width) = (3000, 128);
        let mut numbers = Numbers::new(9);
        let mut some = |len| (0..len).map(|_| numbers.size(1, 1000) as f32 / 999.0).collect::<Vec<_>>();
        let (input, weight) = (some(depth), some(depth * width));
        let [mut once, mut again] = [vec![0.0; width], vec![0.0; width]];
        gemv(&input, &weight, &[], Activation::Identity, &mut once);
        gemv(&input, &weight, &[], Activation::Identity, &mut again);
        assert_eq!(once, again);
    }
}
