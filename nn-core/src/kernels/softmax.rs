use super::kernels;
use super::sums::{accumulate, sum_of};
use crate::Scalar;
use crate::simd::{Isa, math};

kernels! {
    trait SoftmaxFamily<T>;

    /// `exp(x_i) / Σ exp(x_j)` along each row of a `rows × width` matrix.
    ///
    /// The row's maximum is subtracted first, so that no finite input overflows. A row with NaN or +∞, or of -∞ alone,
    /// gives NaN.
    pub fn softmax_forward(width: usize, input: &[T], output: &mut [T]) = softmax_forward_body;
    /// `d_input_i = y_i · (d_output_i - Σ d_output_j · y_j)` along each row, with `y` the output of forward.
    pub fn softmax_backward(width: usize, output: &[T], d_output: &[T], d_input: &mut [T]) = softmax_backward_body;
    /// `x_i - ln Σ exp(x_j)` along each row of a `rows × width` matrix.
    ///
    /// The row's maximum is subtracted first, so that no finite input overflows. A row with NaN or +∞, or of -∞ alone,
    /// gives NaN.
    pub fn log_softmax_forward(width: usize, input: &[T], output: &mut [T]) = log_softmax_forward_body;
    /// `d_input_i = d_output_i - exp(y_i) · Σ d_output_j` along each row, with `y` the output of forward.
    pub fn log_softmax_backward(width: usize, output: &[T], d_output: &[T], d_input: &mut [T]) = log_softmax_backward_body;
    /// The maximum `m` of a row, and `Σ exp(x_j - m)`: what cross-entropy needs of its logits.
    pub(crate) fn sum_of_exponentials(input: &[T]) -> [T; 2] = sum_of_exponentials_body;
    /// As `sum_of_exponentials`, and `output_i = exp(x_i - m)`.
    pub(crate) fn shifted_exponentials(input: &[T], output: &mut [T]) -> [T; 2] = shifted_exponentials_body;
}

#[inline(always)]
fn sum_of_exponentials_body<I: Isa, T: Scalar>(input: &[T]) -> [T; 2] {
    let maximum = maximum(input);
    [maximum, sum_of(input, |value| math::exp_of_negative::<I, T>(value - maximum))]
}

#[inline(always)]
fn shifted_exponentials_body<I: Isa, T: Scalar>(input: &[T], output: &mut [T]) -> [T; 2] {
    let maximum = maximum(input);
    [maximum, exponentials::<I, T>(input, output, maximum)]
}

#[inline(always)]
pub(crate) fn softmax_forward_body<I: Isa, T: Scalar>(width: usize, input: &[T], output: &mut [T]) {
    for (input, output) in input.chunks_exact(width).zip(output.chunks_exact_mut(width)) {
        let sum = exponentials::<I, T>(input, output, maximum(input));
        let factor = sum.recip();
        for value in output {
            *value *= factor;
        }
    }
}

#[inline(always)]
fn softmax_backward_body<I: Isa, T: Scalar>(width: usize, output: &[T], d_output: &[T], d_input: &mut [T]) {
    let rows = output.chunks_exact(width).zip(d_output.chunks_exact(width)).zip(d_input.chunks_exact_mut(width));
    for ((output, d_output), d_input) in rows {
        let d_output = &d_output[..output.len()];
        let dot = accumulate([output, d_output], |sum, [output, d]| sum + output * d);
        for ((d_input, &d_output), &output) in d_input.iter_mut().zip(d_output).zip(output) {
            *d_input = output * (d_output - dot);
        }
    }
}

#[inline(always)]
pub(crate) fn log_softmax_forward_body<I: Isa, T: Scalar>(width: usize, input: &[T], output: &mut [T]) {
    for (input, output) in input.chunks_exact(width).zip(output.chunks_exact_mut(width)) {
        let maximum = maximum(input);
        let log_sum = math::ln::<I, T>(exponentials::<I, T>(input, output, maximum));
        for (output, &input) in output.iter_mut().zip(input) {
            *output = (input - maximum) - log_sum;
        }
    }
}

#[inline(always)]
fn log_softmax_backward_body<I: Isa, T: Scalar>(width: usize, output: &[T], d_output: &[T], d_input: &mut [T]) {
    let rows = output.chunks_exact(width).zip(d_output.chunks_exact(width)).zip(d_input.chunks_exact_mut(width));
    for ((output, d_output), d_input) in rows {
        let total = sum(d_output);
        for ((d_input, &d_output), &output) in d_input.iter_mut().zip(d_output).zip(output) {
            *d_input = I::mul_add(-math::exp_of_negative::<I, T>(output), total, d_output);
        }
    }
}

/// Values that are reduced side by side: several vector registers full.
const LANES: usize = 32;

/// The largest value that is not NaN.
#[inline(always)]
fn maximum<T: Scalar>(values: &[T]) -> T {
    let larger = |left: T, right: T| if right > left { right } else { left };
    let (blocks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [T::neg_infinity(); LANES];
    for block in blocks {
        for (lane, &value) in lanes.iter_mut().zip(block) {
            *lane = larger(*lane, value);
        }
    }
    let largest = rest.iter().fold(T::neg_infinity(), |left, &right| larger(left, right));
    if blocks.is_empty() { largest } else { lanes.iter().fold(largest, |left, &right| larger(left, right)) }
}

#[inline(always)]
fn sum<T: Scalar>(values: &[T]) -> T {
    sum_of(values, |value| value)
}

/// `output = exp(input - maximum)`, and its sum.
#[inline(always)]
fn exponentials<I: Isa, T: Scalar>(input: &[T], output: &mut [T], maximum: T) -> T {
    for (output, &input) in output.iter_mut().zip(input) {
        *output = math::exp_of_negative::<I, T>(input - maximum);
    }
    sum(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, assert_close, both_scalars};
    use std::vec;
    use std::vec::Vec;

    const WIDTHS: [usize; 7] = [1, 2, 7, 10, 16, 33, 100];

    fn forward_equals_the_definition<T: Scalar>() {
        let mut numbers = Numbers::new(2);
        for width in WIDTHS {
            let input: Vec<T> = numbers.integers(3 * width);
            let (mut soft, mut log) = (vec![T::zero(); 3 * width], vec![T::zero(); 3 * width]);
            softmax_forward(width, &input, &mut soft);
            log_softmax_forward(width, &input, &mut log);
            for (row, input) in input.chunks(width).enumerate() {
                let sum: f64 = input.iter().map(|value| value.wide().exp()).sum();
                let expected: Vec<T> = input.iter().map(|value| T::of(value.wide().exp() / sum)).collect();
                let logs: Vec<T> = input.iter().map(|value| T::of(value.wide() - sum.ln())).collect();
                let tolerance = 8.0 * T::epsilon().wide();
                assert_close(&soft[row * width..][..width], &expected, tolerance, "softmax");
                assert_close(&log[row * width..][..width], &logs, tolerance, "log_softmax");
            }
        }
    }

    fn backward_equals_the_definition<T: Scalar>() {
        let mut numbers = Numbers::new(3);
        for width in WIDTHS {
            let (input, d_output): (Vec<T>, Vec<T>) = (numbers.uniform(width), numbers.uniform(width));
            let (mut output, mut found) = (vec![T::zero(); width], vec![T::zero(); width]);
            let delta = |row: usize, column: usize| if row == column { 1.0 } else { 0.0 };
            let tolerance = 16.0 * T::epsilon().wide();

            softmax_forward(width, &input, &mut output);
            softmax_backward(width, &output, &d_output, &mut found);
            let jacobian = |i: usize, j: usize| output[j].wide() * (delta(i, j) - output[i].wide());
            assert_close(&found, &product(width, &d_output, jacobian), tolerance, "softmax");

            log_softmax_forward(width, &input, &mut output);
            log_softmax_backward(width, &output, &d_output, &mut found);
            let jacobian = |i: usize, j: usize| delta(i, j) - output[i].wide().exp();
            assert_close(&found, &product(width, &d_output, jacobian), tolerance, "log_softmax");
        }
    }

    /// `Σ_j d_j · jacobian(i, j)` for each `i`.
    fn product<T: Scalar>(width: usize, d: &[T], jacobian: impl Fn(usize, usize) -> f64) -> Vec<T> {
        (0..width).map(|i| T::of((0..width).map(|j| d[j].wide() * jacobian(i, j)).sum())).collect()
    }

    fn large_inputs_do_not_overflow<T: Scalar>() {
        let large = T::max_value() / T::of(4.0);
        let mut output = [T::zero(); 3];
        softmax_forward(3, &[large, -large, large], &mut output);
        assert_eq!(output.map(T::wide), [0.5, 0.0, 0.5]);
        softmax_forward(3, &[T::zero(), T::neg_infinity(), T::zero()], &mut output);
        assert_eq!(output.map(T::wide), [0.5, 0.0, 0.5]);
        softmax_forward(3, &[T::zero(), T::nan(), T::zero()], &mut output);
        assert!(output.iter().all(|value| value.is_nan()));
    }

    both_scalars! { forward_equals_the_definition, backward_equals_the_definition, large_inputs_do_not_overflow }
}
