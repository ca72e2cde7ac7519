//! One row times a matrix whose sizes are constants: the heart of a small network that is one inlined function.

use super::inline::activate_in_place;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Activation;

/// Eight vector registers of sums, in elements: as many chains of additions as hide the latency of one.
pub(super) const fn widest<I: Isa, T>() -> usize {
    8 * I::VECTOR_BYTES / size_of::<T>()
}

/// Whether strips this wide are cut from `out` columns: the widest while there are, each narrower one at most once.
const fn is_cut<I: Isa, T>(width: usize, out: usize) -> bool {
    let widest = widest::<I, T>();
    if width == widest { out >= width } else { width < widest && (out % widest) & width != 0 }
}

/// `output = activation(input · weight + bias)` for one row; `bias` may be empty.
///
/// The columns are cut into strips whose sums stay in registers. A narrow strip has several sums for each column, of
/// every so-manyth row, so that the additions do not wait for each other.
#[inline(always)]
pub(crate) fn row_times_matrix<I: Isa, T: Scalar, const IN: usize, const OUT: usize>(
    input: &[T; IN],
    weight: &[[T; OUT]; IN],
    bias: &[T],
    activation: Activation,
    output: &mut [T; OUT],
) {
    let mut column = 0;
    // Only those strips are compiled that these sizes need.
    macro_rules! strips {
        ($($width:literal x $chains:literal),*) => {{$(
            if const { is_cut::<I, T>($width, OUT) } {
                loop {
                    strip::<I, T, $width, $chains, IN, OUT>(input, weight, bias, activation, column, output);
                    column += $width;
                    if $width != const { widest::<I, T>() } || OUT - column < $width {
                        break;
                    }
                }
            }
        )*}};
    }
    match const { widest::<I, T>() } {
        128 => strips! { 128 x 1, 64 x 2, 32 x 4, 16 x 8, 8 x 8, 4 x 8, 2 x 16, 1 x 64 },
        64 => strips! { 64 x 1, 32 x 2, 16 x 4, 8 x 8, 4 x 8, 2 x 16, 1 x 32 },
        32 => strips! { 32 x 1, 16 x 2, 8 x 4, 4 x 8, 2 x 8, 1 x 16 },
        _ => strips! { 16 x 1, 8 x 2, 4 x 4, 2 x 8, 1 x 8 },
    }
}

/// The `WIDTH` columns from `column` on.
#[inline(always)]
fn strip<I: Isa, T: Scalar, const WIDTH: usize, const CHAINS: usize, const IN: usize, const OUT: usize>(
    input: &[T; IN],
    weight: &[[T; OUT]; IN],
    bias: &[T],
    activation: Activation,
    column: usize,
    output: &mut [T; OUT],
) {
    let mut total = strip_sums::<I, T, WIDTH, CHAINS>(input, weight.as_flattened(), OUT, column);
    if let Some(&bias) = bias.get(column..).and_then(|bias| bias.first_chunk::<WIDTH>()) {
        // A copy: the compiler need not ask whether the sums lie in the same memory, and so leaves them in registers.
        total.iter_mut().zip(bias).for_each(|(total, bias)| *total += bias);
    }
    activate_in_place::<I, T>(activation, &mut total);
    output[column..column + WIDTH].copy_from_slice(&total);
}

/// `input · weight` for the `WIDTH` columns from `column` on of a weight that is `width` wide, in `CHAINS` sums each.
#[inline(always)]
pub(super) fn strip_sums<I: Isa, T: Scalar, const WIDTH: usize, const CHAINS: usize>(
    input: &[T],
    weight: &[T],
    width: usize,
    column: usize,
) -> [T; WIDTH] {
    let mut sums = [[T::zero(); WIDTH]; CHAINS];
    let (inputs, last_inputs) = input.as_chunks::<CHAINS>();
    let (rows, last_rows) = weight.split_at(inputs.len() * CHAINS * width);
    for (inputs, rows) in inputs.iter().zip(rows.chunks_exact(CHAINS * width)) {
        for ((sums, &input), row) in sums.iter_mut().zip(inputs).zip(rows.chunks_exact(width)) {
            I::add_product(input, columns_of(row, column), sums);
        }
    }
    for ((sums, &input), row) in sums.iter_mut().zip(last_inputs).zip(last_rows.chunks_exact(width)) {
        I::add_product(input, columns_of(row, column), sums);
    }
    joined(sums)
}

/// `WIDTH` columns of a row, from `column` on.
#[inline(always)]
pub(super) fn columns_of<T, const WIDTH: usize>(row: &[T], column: usize) -> &[T; WIDTH] {
    row[column..].first_chunk().expect("cannot fail: a strip lies inside its row")
}

/// The sum of all chains, by halves.
#[inline(always)]
pub(super) fn joined<T: Scalar, const WIDTH: usize, const CHAINS: usize>(mut sums: [[T; WIDTH]; CHAINS]) -> [T; WIDTH] {
    let mut count = CHAINS;
    while count > 1 {
        count /= 2;
        let (left, right) = sums.split_at_mut(count);
        for (left, right) in left.iter_mut().zip(right) {
            left.iter_mut().zip(right).for_each(|(left, right)| *left += *right);
        }
    }
    sums[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars, on_each_kind};
    use crate::simd::Plain;
    use crate::simd::{Kernel, dispatch};
    use std::vec::Vec;

    struct Row<const IN: usize, const OUT: usize>;

    impl<T: Scalar, const IN: usize, const OUT: usize>
        Kernel<(&[T; IN], &[[T; OUT]; IN], &[T], Activation, &mut [T; OUT])> for Row<IN, OUT>
    {
        type Output = ();

        #[inline(always)]
        fn run<I: Isa>(
            (input, weight, bias, activation, output): (&[T; IN], &[[T; OUT]; IN], &[T], Activation, &mut [T; OUT]),
        ) {
            row_times_matrix::<I, T, IN, OUT>(input, weight, bias, activation, output);
        }
    }

    fn equals_its_naive_twin_for<T: Scalar, const IN: usize, const OUT: usize>(numbers: &mut Numbers) {
        let (input, weight): (Vec<T>, Vec<T>) = (numbers.integers(IN), numbers.integers(IN * OUT));
        for bias in [Vec::new(), numbers.integers::<T>(OUT)] {
            for activation in [Activation::Identity, Activation::Relu, Activation::LeakyRelu { slope: 0.5 }] {
                let mut expected: Vec<T> = (0..OUT)
                    .map(|column| {
                        let sum: T = (0..IN).map(|row| input[row] * weight[row * OUT + column]).sum();
                        sum + bias.get(column).copied().unwrap_or(T::zero())
                    })
                    .collect();
                super::super::activate_in_place(activation, &mut expected);
                let input = <[T; IN]>::from_slice(&input).expect("its length");
                let weight = <[[T; OUT]; IN]>::from_slice(&weight).expect("its length");
                let mut found = [T::nan(); OUT];
                dispatch::<Row<IN, OUT>, _>((input, weight, &bias[..], activation, &mut found));
                assert_eq!(found[..], expected, "{IN} × {OUT}, {activation:?}");
                on_each_kind!(|Kind| {
                    let mut found = [T::nan(); OUT];
                    Row::<IN, OUT>::run::<Kind>((input, weight, &bias[..], activation, &mut found));
                    assert_eq!(found[..], expected, "{IN} × {OUT}, {activation:?}");
                });
            }
        }
    }

    fn equals_its_naive_twin<T: Scalar>() {
        let mut numbers = Numbers::new(8);
        macro_rules! sizes {
            ($($in:literal x $out:literal),*) => { $(equals_its_naive_twin_for::<T, $in, $out>(&mut numbers);)* };
        }
        sizes! {
            1 x 1, 1 x 3, 3 x 1, 65 x 1, 130 x 1, 2 x 2, 64 x 4, 7 x 5, 31 x 6, 32 x 16, 9 x 10, 33 x 31, 5 x 64, 64 x 64,
            3 x 65, 17 x 127, 8 x 130, 1 x 200
        }
    }

    both_scalars! { equals_its_naive_twin }
}
