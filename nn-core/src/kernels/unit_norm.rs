//! Rows brought to length 1.

use super::kernels;
use super::sums::{accumulate, sum_of};
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait UnitRows<T>;

    /// `x / max(|x|, epsilon)` for each row of so many values.
    pub fn unit_norm_forward(epsilon: T, width: usize, input: &[T], output: &mut [T]) = unit_norm_forward_body;
    /// The gradient of [`unit_norm_forward`]: overwrites `d_input`.
    pub fn unit_norm_backward(epsilon: T, width: usize, input: &[T], d_output: &[T], d_input: &mut [T]) =
        unit_norm_backward_body;
}

#[inline(always)]
fn length<T: Scalar>(row: &[T]) -> T {
    sum_of(row, |value| value * value).sqrt()
}

/// The larger one; NaN stays NaN.
#[inline(always)]
fn at_least<T: Scalar>(length: T, epsilon: T) -> T {
    if length < epsilon { epsilon } else { length }
}

#[inline(always)]
fn unit_norm_forward_body<I: Isa, T: Scalar>(epsilon: T, width: usize, input: &[T], output: &mut [T]) {
    for (input, output) in input.chunks_exact(width).zip(output.chunks_exact_mut(width)) {
        let factor = T::one() / at_least(length(input), epsilon);
        output.iter_mut().zip(input).for_each(|(output, &x)| *output = x * factor);
    }
}

#[inline(always)]
fn unit_norm_backward_body<I: Isa, T: Scalar>(
    epsilon: T,
    width: usize,
    input: &[T],
    d_output: &[T],
    d_input: &mut [T],
) {
    let rows = input.chunks_exact(width).zip(d_output.chunks_exact(width));
    for ((input, d_output), d_input) in rows.zip(d_input.chunks_exact_mut(width)) {
        let length = length(input);
        let factor = T::one() / at_least(length, epsilon);
        // A row that is divided by `epsilon` has no length that could change.
        let along = match length < epsilon {
            true => T::zero(),
            false => accumulate([input, d_output], |sum, [x, d]| I::mul_add(x, d, sum)) * factor * factor,
        };
        for ((d_input, &x), &d) in d_input.iter_mut().zip(input).zip(d_output) {
            *d_input = I::mul_add(x, -along, d) * factor;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, random_shapes};
    use std::vec;
    use std::vec::Vec;

    fn agrees<T: Scalar>(seed: u64, cases: usize) {
        let mut numbers = Numbers::new(seed);
        for _ in 0..cases {
            let (rows, width) = (numbers.size(0, 5), numbers.size(1, 90));
            let (input, d_output): (Vec<T>, Vec<T>) = (numbers.integers(rows * width), numbers.integers(rows * width));
            let epsilon = T::of(numbers.size(1, 9) as f64);
            let [mut output, mut d_input] = [vec![T::nan(); rows * width], vec![T::nan(); rows * width]];
            unit_norm_forward(epsilon, width, &input, &mut output);
            unit_norm_backward(epsilon, width, &input, &d_output, &mut d_input);
            for row in 0..rows {
                let place = row * width..(row + 1) * width;
                let (input, d_output) = (&input[place.clone()], &d_output[place.clone()]);
                let wide = |values: &[T]| values.iter().map(|value| value.wide()).collect::<Vec<f64>>();
                let (x, d) = (wide(input), wide(d_output));
                let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
                let divisor = length.max(epsilon.wide());
                let product: f64 = x.iter().zip(&d).map(|(x, d)| x * d).sum();
                for (index, at) in place.enumerate() {
                    let along = if length < epsilon.wide() { 0.0 } else { x[index] * product / (length * length) };
                    let expected = [x[index] / divisor, (d[index] - along) / divisor];
                    for (found, expected) in [output[at], d_input[at]].into_iter().zip(expected) {
                        assert!((found.wide() - expected).abs() < 40.0 * T::epsilon().wide(), "{found} for {expected}");
                    }
                }
            }
        }
    }

    random_shapes! { agrees as equals_its_naive_twin: 300 from 41; }
}
