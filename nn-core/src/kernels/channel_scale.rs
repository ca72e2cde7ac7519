//! A factor for each channel.

use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait ChannelScale<T>;

    /// `scale · x`, with a factor for each column of rows of `scale.len()` values.
    pub fn channel_scale_forward(scale: &[T], input: &[T], output: &mut [T]) = channel_scale_forward_body;
    /// The gradients of [`channel_scale_forward`], as far as they are asked for: overwrites `d_input`, adds to `d_scale`.
    pub fn channel_scale_backward(
        scale: &[T],
        input: &[T],
        d_output: &[T],
        d_input: Option<&mut [T]>,
        d_scale: Option<&mut [T]>,
    ) = channel_scale_backward_body;
}

#[inline(always)]
fn channel_scale_forward_body<I: Isa, T: Scalar>(scale: &[T], input: &[T], output: &mut [T]) {
    for (input, output) in input.chunks_exact(scale.len()).zip(output.chunks_exact_mut(scale.len())) {
        for ((output, &x), &scale) in output.iter_mut().zip(input).zip(scale) {
            *output = x * scale;
        }
    }
}

#[inline(always)]
fn channel_scale_backward_body<I: Isa, T: Scalar>(
    scale: &[T],
    input: &[T],
    d_output: &[T],
    d_input: Option<&mut [T]>,
    d_scale: Option<&mut [T]>,
) {
    if let Some(sums) = d_scale {
        for (input, d_output) in input.chunks_exact(scale.len()).zip(d_output.chunks_exact(scale.len())) {
            for ((sum, &x), &d) in sums.iter_mut().zip(input).zip(d_output) {
                *sum = I::mul_add(x, d, *sum);
            }
        }
    }
    if let Some(d_input) = d_input {
        channel_scale_forward_body::<I, T>(scale, d_output, d_input);
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
            let (rows, width) = (numbers.size(0, 9), numbers.size(1, 70));
            let [input, d_output]: [Vec<T>; 2] = [0; 2].map(|_| numbers.integers(rows * width));
            let [scale, before]: [Vec<T>; 2] = [0; 2].map(|_| numbers.integers(width));
            let [mut output, mut d_input] = [0; 2].map(|_| vec![T::nan(); rows * width]);
            let mut d_scale = before.clone();
            channel_scale_forward(&scale, &input, &mut output);
            channel_scale_backward(&scale, &input, &d_output, Some(&mut d_input), Some(&mut d_scale));
            for at in 0..rows * width {
                assert_eq!(output[at], input[at] * scale[at % width]);
                assert_eq!(d_input[at], d_output[at] * scale[at % width]);
            }
            for column in 0..width {
                let terms = (0..rows).map(|row| input[row * width + column] * d_output[row * width + column]);
                assert_eq!(d_scale[column], before[column] + terms.sum());
            }
        }
    }

    random_shapes! { agrees as equals_its_naive_twin: 300 from 42; }
}
