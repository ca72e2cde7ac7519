//! Weights as directions and lengths: each column of a matrix is a direction, whose length is a number of its own.

use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait WeightNormalisation<T>;

    /// `weight = magnitude · direction / |direction|` for each column; a direction of zeros gives zeros. `lengths` has a scalar
    /// for each column, and is given `|direction|`.
    pub fn weight_from_directions(
        direction: &[T],
        magnitude: &[T],
        weight: &mut [T],
        lengths: &mut [T],
    ) = weight_from_directions_body;
    /// Adds to the gradients of directions and magnitudes, from that of the weight; `lengths` as [`weight_from_directions`]
    /// left them, `sums` has a scalar for each column as well.
    pub fn weight_from_directions_backward(
        direction: &[T],
        magnitude: &[T],
        d_weight: &[T],
        lengths: &[T],
        sums: &mut [T],
        d_direction: &mut [T],
        d_magnitude: &mut [T],
    ) = weight_from_directions_backward_body;
    /// The length of each column.
    pub fn column_lengths(columns: &[T], lengths: &mut [T]) = column_lengths_body;
}

#[inline(always)]
fn column_lengths_body<I: Isa, T: Scalar>(columns: &[T], lengths: &mut [T]) {
    lengths.fill(T::zero());
    for row in columns.chunks_exact(lengths.len()) {
        for (sum, &value) in lengths.iter_mut().zip(row) {
            *sum = I::mul_add(value, value, *sum);
        }
    }
    for length in lengths {
        *length = length.sqrt();
    }
}

/// `a / b`, and 0 for a length of 0.
#[inline(always)]
fn over<T: Scalar>(a: T, b: T) -> T {
    if b == T::zero() { T::zero() } else { a / b }
}

#[inline(always)]
fn weight_from_directions_body<I: Isa, T: Scalar>(
    direction: &[T],
    magnitude: &[T],
    weight: &mut [T],
    lengths: &mut [T],
) {
    let width = magnitude.len();
    column_lengths_body::<I, T>(direction, lengths);
    for (weight, direction) in weight.chunks_exact_mut(width).zip(direction.chunks_exact(width)) {
        for (((weight, &direction), &magnitude), &length) in
            weight.iter_mut().zip(direction).zip(magnitude).zip(lengths.iter())
        {
            *weight = over(magnitude, length) * direction;
        }
    }
}

#[inline(always)]
fn weight_from_directions_backward_body<I: Isa, T: Scalar>(
    direction: &[T],
    magnitude: &[T],
    d_weight: &[T],
    lengths: &[T],
    sums: &mut [T],
    d_direction: &mut [T],
    d_magnitude: &mut [T],
) {
    let width = magnitude.len();
    let rows = || direction.chunks_exact(width).zip(d_weight.chunks_exact(width));
    sums.fill(T::zero());
    for (direction, d_weight) in rows() {
        for ((sum, &direction), &d_weight) in sums.iter_mut().zip(direction).zip(d_weight) {
            *sum = I::mul_add(direction, d_weight, *sum);
        }
    }
    for ((sum, &length), d_magnitude) in sums.iter_mut().zip(lengths).zip(d_magnitude) {
        // The gradient of the magnitude: that of the weight along its direction.
        *sum = over(*sum, length);
        *d_magnitude += *sum;
    }
    for ((direction, d_weight), d_direction) in rows().zip(d_direction.chunks_exact_mut(width)) {
        for (column, d_direction) in d_direction.iter_mut().enumerate() {
            let (length, along) = (lengths[column], sums[column]);
            let across = d_weight[column] - over(along * direction[column], length);
            *d_direction += over(magnitude[column], length) * across;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, assert_close, both_scalars};
    use std::vec;
    use std::vec::Vec;

    fn equal_their_naive_twins<T: Scalar>() {
        let (mut numbers, tolerance) = (Numbers::new(61), 64.0 * T::epsilon().wide());
        for _ in 0..200 {
            let (rows, width) = (numbers.size(1, 30), numbers.size(1, 40));
            let [direction, d_weight]: [Vec<T>; 2] = core::array::from_fn(|_| numbers.uniform(rows * width));
            let magnitude: Vec<T> = numbers.uniform(width);
            let (mut weight, mut lengths, mut sums) =
                (vec![T::nan(); rows * width], vec![T::nan(); width], vec![T::nan(); width]);
            let (mut d_direction, mut d_magnitude): (Vec<T>, Vec<T>) =
                (numbers.uniform(rows * width), numbers.uniform(width));
            let (mut expected, mut d_expected) = (weight.clone(), d_direction.clone());
            let mut d_magnitude_expected = d_magnitude.clone();
            for column in 0..width {
                let places = || (0..rows).map(|row| row * width + column);
                let length = places().map(|at| direction[at] * direction[at]).sum::<T>().sqrt();
                let along = places().map(|at| direction[at] * d_weight[at]).sum::<T>();
                places().for_each(|at| expected[at] = magnitude[column] * direction[at] / length);
                d_magnitude_expected[column] += along / length;
                for at in places() {
                    let across = d_weight[at] - along * direction[at] / (length * length);
                    d_expected[at] += magnitude[column] / length * across;
                }
            }
            weight_from_directions(&direction, &magnitude, &mut weight, &mut lengths);
            assert_close(&weight, &expected, tolerance, "weight");
            let (d_direction, d_magnitude) = (&mut d_direction, &mut d_magnitude);
            weight_from_directions_backward(
                &direction,
                &magnitude,
                &d_weight,
                &lengths,
                &mut sums,
                d_direction,
                d_magnitude,
            );
            // A short direction has a steep gradient.
            assert_close(d_direction, &d_expected, 64.0 * tolerance, "d_direction");
            assert_close(d_magnitude, &d_magnitude_expected, tolerance, "d_magnitude");
        }
    }

    fn a_direction_of_zeros_gives_zeros<T: Scalar>() {
        let (direction, magnitude, one) = ([T::zero(); 3], [T::one()], [T::one(); 3]);
        let (mut weight, mut lengths, mut sums) = ([T::nan(); 3], [T::nan()], [T::nan()]);
        weight_from_directions(&direction, &magnitude, &mut weight, &mut lengths);
        assert_eq!(weight, [T::zero(); 3]);
        let (mut d_direction, mut d_magnitude) = ([T::zero(); 3], [T::zero()]);
        let (d_all, d_one) = (&mut d_direction, &mut d_magnitude);
        weight_from_directions_backward(&direction, &magnitude, &one, &lengths, &mut sums, d_all, d_one);
        assert_eq!((d_direction, d_magnitude), ([T::zero(); 3], [T::zero()]));
    }

    both_scalars! { equal_their_naive_twins, a_direction_of_zeros_gives_zeros }
}
