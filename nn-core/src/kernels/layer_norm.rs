//! Normalisation of each row of a matrix by its own statistics.
//!
//! A row is read from memory once: all further passes over it find it in the first-level cache. So the variance is taken
//! around the mean in a pass of its own, which costs no digits where the mean is large, and backward works the statistics
//! out again rather than keep them.

use super::kernels;
use super::sums::{accumulate, sum_of};
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait RowNormalisation<T>;

    /// `(x - mean) / √(variance + epsilon) · scale + shift` along each row of `scale.len()` values; `shift` may be empty.
    pub fn layer_norm_forward(epsilon: T, scale: &[T], shift: &[T], input: &[T], output: &mut [T]) = layer_norm_forward_body;
    /// The gradients of [`layer_norm_forward`], as far as they are asked for: overwrites `d_input`, adds to `d_scale` and to
    /// `d_shift`, which may be empty.
    pub fn layer_norm_backward(
        epsilon: T,
        scale: &[T],
        input: &[T],
        d_output: &[T],
        d_input: Option<&mut [T]>,
        d_parameters: Option<(&mut [T], &mut [T])>,
    ) = layer_norm_backward_body;
    /// `x / √(mean of x² + epsilon) · scale` along each row of `scale.len()` values.
    pub fn rms_norm_forward(epsilon: T, scale: &[T], input: &[T], output: &mut [T]) = rms_norm_forward_body;
    /// The gradients of [`rms_norm_forward`], as far as they are asked for: overwrites `d_input`, adds to `d_scale`.
    pub fn rms_norm_backward(
        epsilon: T,
        scale: &[T],
        input: &[T],
        d_output: &[T],
        d_input: Option<&mut [T]>,
        d_scale: Option<&mut [T]>,
    ) = rms_norm_backward_body;
}

/// What a row is normalised by: its mean (0 where it is not centred), and the inverse of its deviation.
#[derive(Clone, Copy)]
struct Statistics<T> {
    mean: T,
    inverse: T,
}

impl<T: Scalar> Statistics<T> {
    #[inline(always)]
    fn of<I: Isa, const CENTRED: bool>(row: &[T], epsilon: T) -> Self {
        let count = T::of(row.len() as f64);
        let mean = if CENTRED { sum_of(row, |value| value) / count } else { T::zero() };
        let squares = accumulate([row], |sum, [value]| {
            let deviation = value - mean;
            I::mul_add(deviation, deviation, sum)
        });
        Self { mean, inverse: T::one() / (squares / count + epsilon).sqrt() }
    }
}

#[inline(always)]
pub(crate) fn layer_norm_forward_body<I: Isa, T: Scalar>(
    epsilon: T,
    scale: &[T],
    shift: &[T],
    input: &[T],
    output: &mut [T],
) {
    forward::<I, T, true>(epsilon, scale, shift, input, output);
}

#[inline(always)]
pub(crate) fn rms_norm_forward_body<I: Isa, T: Scalar>(epsilon: T, scale: &[T], input: &[T], output: &mut [T]) {
    forward::<I, T, false>(epsilon, scale, &[], input, output);
}

#[inline(always)]
fn layer_norm_backward_body<I: Isa, T: Scalar>(
    epsilon: T,
    scale: &[T],
    input: &[T],
    d_output: &[T],
    d_input: Option<&mut [T]>,
    d_parameters: Option<(&mut [T], &mut [T])>,
) {
    backward::<I, T, true>(epsilon, scale, input, d_output, d_input, d_parameters);
}

#[inline(always)]
fn rms_norm_backward_body<I: Isa, T: Scalar>(
    epsilon: T,
    scale: &[T],
    input: &[T],
    d_output: &[T],
    d_input: Option<&mut [T]>,
    d_scale: Option<&mut [T]>,
) {
    let d_parameters = d_scale.map(|d_scale| (d_scale, Default::default()));
    backward::<I, T, false>(epsilon, scale, input, d_output, d_input, d_parameters);
}

#[inline(always)]
fn forward<I: Isa, T: Scalar, const CENTRED: bool>(
    epsilon: T,
    scale: &[T],
    shift: &[T],
    input: &[T],
    output: &mut [T],
) {
    let width = scale.len();
    for (input, output) in input.chunks_exact(width).zip(output.chunks_exact_mut(width)) {
        let Statistics { mean, inverse } = Statistics::of::<I, CENTRED>(input, epsilon);
        let values = output.iter_mut().zip(input).zip(scale);
        if shift.is_empty() {
            for ((output, &input), &scale) in values {
                *output = (input - mean) * inverse * scale;
            }
        } else {
            for (((output, &input), &scale), &shift) in values.zip(shift) {
                *output = I::mul_add((input - mean) * inverse, scale, shift);
            }
        }
    }
}

#[inline(always)]
fn backward<I: Isa, T: Scalar, const CENTRED: bool>(
    epsilon: T,
    scale: &[T],
    input: &[T],
    d_output: &[T],
    mut d_input: Option<&mut [T]>,
    mut d_parameters: Option<(&mut [T], &mut [T])>,
) {
    let width = scale.len();
    for (row, (input, d_output)) in input.chunks_exact(width).zip(d_output.chunks_exact(width)).enumerate() {
        let statistics = Statistics::of::<I, CENTRED>(input, epsilon);
        if let Some(d_input) = &mut d_input {
            let d_input = &mut d_input[row * width..][..width];
            row_gradient::<I, T, CENTRED>(statistics, scale, input, d_output, d_input);
        }
        if let Some((d_scale, d_shift)) = &mut d_parameters {
            let Statistics { mean, inverse } = statistics;
            for ((d_scale, &input), &d) in d_scale.iter_mut().zip(input).zip(d_output) {
                *d_scale = I::mul_add(d, (input - mean) * inverse, *d_scale);
            }
            for (d_shift, &d) in d_shift.iter_mut().zip(d_output) {
                *d_shift += d;
            }
        }
    }
}

/// `(g - mean(g) - x̂ · mean(g · x̂)) / deviation` with `g = d · scale` and `x̂` the normalised row; a row that is not centred
/// has no second term.
#[inline(always)]
fn row_gradient<I: Isa, T: Scalar, const CENTRED: bool>(
    statistics: Statistics<T>,
    scale: &[T],
    input: &[T],
    d_output: &[T],
    d_input: &mut [T],
) {
    let Statistics { mean, inverse } = statistics;
    let width = input.len();
    let (scale, d_output) = (&scale[..width], &d_output[..width]);
    let count = T::of(width as f64);
    let total =
        if CENTRED { accumulate([d_output, scale], |sum, [d, scale]| I::mul_add(d, scale, sum)) } else { T::zero() };
    let product =
        accumulate([d_output, scale, input], |sum, [d, scale, input]| I::mul_add(d * scale, input - mean, sum));
    let (centre, slope) = (total / count, -product * inverse * inverse / count);
    for (((d_input, &input), &d), &scale) in d_input.iter_mut().zip(input).zip(d_output).zip(scale) {
        *d_input = inverse * I::mul_add(input - mean, slope, I::mul_add(d, scale, -centre));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, assert_close, both_scalars};
    use std::vec;
    use std::vec::Vec;

    /// Mean and inverse deviation of a row, by their definitions.
    fn statistics<T: Scalar>(row: &[T], is_centred: bool) -> [f64; 2] {
        let count = row.len() as f64;
        let mean = if is_centred { row.iter().map(|x| x.wide()).sum::<f64>() / count } else { 0.0 };
        let variance = row.iter().map(|x| (x.wide() - mean).powi(2)).sum::<f64>() / count;
        [mean, 1.0 / (variance + 1e-3).sqrt()]
    }

    fn forward_and_parameters_equal_their_definitions<T: Scalar>() {
        let mut numbers = Numbers::new(5);
        let epsilon = T::of(1e-3);
        for width in [1, 2, 7, 31, 32, 33, 64, 100, 257] {
            let rows = numbers.size(1, 5);
            // Far from zero: squares would cancel.
            let input: Vec<T> = numbers.uniform(rows * width).iter().map(|x: &T| *x + T::of(100.0)).collect();
            let [scale, shift]: [Vec<T>; 2] = [numbers.uniform(width), numbers.uniform(width)];
            let d: Vec<T> = numbers.uniform(rows * width);
            let tolerance = 1e3 * T::epsilon().wide();
            for is_centred in [true, false] {
                let (mut output, mut expected) = (vec![T::nan(); rows * width], Vec::new());
                let (mut sums, mut expected_sums) = (vec![T::one(); width], vec![T::one(); width]);
                let mut d_shift = vec![T::zero(); width];
                for (row, input) in input.chunks(width).enumerate() {
                    let [mean, inverse] = statistics(input, is_centred);
                    for column in 0..width {
                        let normalised = (input[column].wide() - mean) * inverse;
                        let shift = if is_centred { shift[column].wide() } else { 0.0 };
                        expected.push(T::of(normalised * scale[column].wide() + shift));
                        expected_sums[column] += T::of(normalised * d[row * width + column].wide());
                    }
                }
                if is_centred {
                    layer_norm_forward(epsilon, &scale, &shift, &input, &mut output);
                    let parameters = Some((&mut sums[..], &mut d_shift[..]));
                    layer_norm_backward(epsilon, &scale, &input, &d, None, parameters);
                } else {
                    rms_norm_forward(epsilon, &scale, &input, &mut output);
                    rms_norm_backward(epsilon, &scale, &input, &d, None, Some(&mut sums));
                }
                assert_close(&output, &expected, tolerance, "output");
                assert_close(&sums, &expected_sums, tolerance, "d_scale");
            }
        }
    }

    fn backward_is_the_same_for_whoever_asks<T: Scalar>() {
        let mut numbers = Numbers::new(6);
        let [input, d, scale]: [Vec<T>; 3] = [numbers.uniform(130), numbers.uniform(130), numbers.uniform(65)];
        let (mut alone, mut both) = (vec![T::nan(); 130], vec![T::nan(); 130]);
        let [mut d_scale, mut d_shift, mut other] = [vec![T::zero(); 65], vec![T::zero(); 65], vec![T::zero(); 65]];
        layer_norm_backward(T::epsilon(), &scale, &input, &d, Some(&mut alone), None);
        layer_norm_backward(T::epsilon(), &scale, &input, &d, Some(&mut both), Some((&mut d_scale, &mut d_shift)));
        layer_norm_backward(T::epsilon(), &scale, &input, &d, None, Some((&mut other, &mut [])));
        assert_eq!((alone, d_scale), (both, other));
        let mut sums = vec![T::zero(); 65];
        crate::kernels::add_column_sums(65, &d, &mut sums);
        assert_eq!(d_shift, sums);
    }

    both_scalars! { forward_and_parameters_equal_their_definitions, backward_is_the_same_for_whoever_asks }
}
