//! Penalties on values: their sum, and what they add to gradients.

use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait Penalties<T>;

    /// `Σ |x|` and `Σ x²`, in `T`, of a piece of a few thousand values at a time.
    pub fn absolute_and_square_sums(values: &[T]) -> [T; 2] = absolute_and_square_sums_body;
    /// `gradient += l1 · sign(x) + 2 · l2 · x`, where the sign of 0 is 0; both slices have one length.
    pub fn add_penalty_gradient(l1: T, l2: T, values: &[T], gradient: &mut [T]) = add_penalty_gradient_body;
}

/// Sums side by side: a lone one could not be vectorised.
const LANES: usize = 16;

#[inline(always)]
fn absolute_and_square_sums_body<I: Isa, T: Scalar>(values: &[T]) -> [T; 2] {
    let mut sums = [[T::zero(); LANES]; 2];
    for block in values.chunks(LANES) {
        for (lane, &value) in block.iter().enumerate() {
            sums[0][lane] += value.abs();
            sums[1][lane] = I::mul_add(value, value, sums[1][lane]);
        }
    }
    sums.map(|sums| sums.into_iter().sum())
}

#[inline(always)]
fn add_penalty_gradient_body<I: Isa, T: Scalar>(l1: T, l2: T, values: &[T], gradient: &mut [T]) {
    let twice = l2 + l2;
    for (gradient, &value) in gradient.iter_mut().zip(values) {
        let sign = if value > T::zero() {
            l1
        } else if value < T::zero() {
            -l1
        } else {
            T::zero()
        };
        *gradient += I::mul_add(twice, value, sign);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, both_scalars};
    use std::vec::Vec;

    fn equal_their_naive_twins<T: Scalar>() {
        let mut numbers = Numbers::new(71);
        for len in (0..70).chain([1000, 4097]) {
            let (values, mut gradient): (Vec<T>, Vec<T>) = (numbers.integers(len), numbers.integers(len));
            let (mut sums, mut expected) = ([T::zero(); 2], gradient.clone());
            for (&value, expected) in values.iter().zip(&mut expected) {
                sums = [sums[0] + value.abs(), sums[1] + value * value];
                let sign = if value == T::zero() { T::zero() } else { value.signum() };
                *expected += T::of(2.0) * sign + T::of(6.0) * value;
            }
            assert_eq!(absolute_and_square_sums(&values), sums, "{len} values");
            add_penalty_gradient(T::of(2.0), T::of(3.0), &values, &mut gradient);
            assert_eq!(gradient, expected, "{len} values");
        }
    }

    both_scalars! { equal_their_naive_twins }
}
