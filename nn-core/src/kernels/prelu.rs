use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait LearntSlope<T>;

    /// `x` for `x > 0`, else `slope · x`, with a slope for each column of rows of `slope.len()` values.
    pub fn prelu_forward(slope: &[T], input: &[T], output: &mut [T]) = prelu_forward_body;
    /// The gradients of [`prelu_forward`], as far as they are asked for: overwrites `d_input`, adds to `d_slope`.
    pub fn prelu_backward(
        slope: &[T],
        input: &[T],
        d_output: &[T],
        d_input: Option<&mut [T]>,
        d_slope: Option<&mut [T]>,
    ) = prelu_backward_body;
}

#[inline(always)]
fn prelu_forward_body<I: Isa, T: Scalar>(slope: &[T], input: &[T], output: &mut [T]) {
    for (input, output) in input.chunks_exact(slope.len()).zip(output.chunks_exact_mut(slope.len())) {
        for ((output, &input), &slope) in output.iter_mut().zip(input).zip(slope) {
            let below = input * slope;
            *output = if input > T::zero() { input } else { below };
        }
    }
}

#[inline(always)]
fn prelu_backward_body<I: Isa, T: Scalar>(
    slope: &[T],
    input: &[T],
    d_output: &[T],
    d_input: Option<&mut [T]>,
    d_slope: Option<&mut [T]>,
) {
    let width = slope.len();
    let rows = input.chunks_exact(width).zip(d_output.chunks_exact(width));
    if let Some(d_slope) = d_slope {
        for (input, d_output) in rows.clone() {
            for ((sum, &input), &d) in d_slope.iter_mut().zip(input).zip(d_output) {
                let below = if input > T::zero() { T::zero() } else { input };
                *sum = I::mul_add(d, below, *sum);
            }
        }
    }
    if let Some(d_input) = d_input {
        for ((input, d_output), d_input) in rows.zip(d_input.chunks_exact_mut(width)) {
            for (((d_input, &input), &d), &slope) in d_input.iter_mut().zip(input).zip(d_output).zip(slope) {
                let below = d * slope;
                *d_input = if input > T::zero() { d } else { below };
            }
        }
    }
}
