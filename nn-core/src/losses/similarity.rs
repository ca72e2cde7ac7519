//! Samples compared with each other: all pairs of directions, as one matrix.

use num_traits::Float;

use crate::kernels::{Epilogue, Matrix, Store, gemm};
use crate::scalar::Scalar;

/// The rows of `vectors`, each divided by its length, which goes into `lengths`; a row of zeros stays one.
pub(super) fn directions<'v, T: Scalar>(
    vectors: impl Iterator<Item = &'v [T]>,
    width: usize,
    directions: &mut [T],
    lengths: &mut [T],
) {
    for ((vector, direction), length) in vectors.zip(directions.chunks_exact_mut(width)).zip(lengths) {
        let squares: f64 = vector.iter().map(|value| value.wide() * value.wide()).sum();
        *length = T::of(Float::sqrt(squares));
        let share = if squares == 0.0 { T::zero() } else { length.recip() };
        direction.iter_mut().zip(vector).for_each(|(direction, &value)| *direction = share * value);
    }
}

/// The derivative by a vector, from that by its direction: what points along it is lost. Nothing at a vector of zeros.
pub(super) fn slope<T: Scalar>(by_direction: &[T], direction: &[T], length: T, factor: T, slopes: &mut [T]) {
    let along: f64 = by_direction.iter().zip(direction).map(|(slope, value)| slope.wide() * value.wide()).sum();
    let factor = if length == T::zero() { T::zero() } else { factor / length };
    for ((slope, &by), &direction) in slopes.iter_mut().zip(by_direction).zip(direction) {
        *slope = factor * (by - T::of(along) * direction);
    }
}

/// `result = left · right`, of matrices of `[rows, columns, depth]`.
pub(super) fn product<T: Scalar>(sizes: [usize; 3], left: Matrix<'_, T>, right: Matrix<'_, T>, result: &mut [T]) {
    gemm(sizes, left, right, result, Store::Overwrite, Epilogue::NONE, &mut []);
}

/// `ln Σ exp`, in 64 bits.
pub(super) fn log_sum_exp<T: Scalar>(values: impl Iterator<Item = T> + Clone) -> f64 {
    let largest = values.clone().fold(f64::NEG_INFINITY, |largest, value| largest.max(value.wide()));
    if largest == f64::NEG_INFINITY && values.clone().next().is_none() {
        return largest;
    }
    largest + Float::ln(values.map(|value| Float::exp(value.wide() - largest)).sum::<f64>())
}
