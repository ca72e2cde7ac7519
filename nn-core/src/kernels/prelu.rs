use super::kernels;
use super::sums::accumulate;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait LearntSlope<T>;

    /// `x` for `x > 0`, else `slope · x`, with a slope for each column of rows of `slope.len()` values; one is for all.
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

/// `x` for `x > 0`, else `slope · x`; and what goes back through it, with the same `x` and a gradient in place of `value`.
#[inline(always)]
fn bent<T: Scalar>(x: T, value: T, slope: T) -> T {
    let below = value * slope;
    if x > T::zero() { value } else { below }
}

/// A gradient's part in that of the slope, added to a sum.
#[inline(always)]
fn add_below<I: Isa, T: Scalar>(sum: T, x: T, d: T) -> T {
    let below = if x > T::zero() { T::zero() } else { x };
    I::mul_add(d, below, sum)
}

#[inline(always)]
fn prelu_forward_body<I: Isa, T: Scalar>(slope: &[T], input: &[T], output: &mut [T]) {
    if let &[slope] = slope {
        output.iter_mut().zip(input).for_each(|(output, &x)| *output = bent(x, x, slope));
        return;
    }
    for (input, output) in input.chunks_exact(slope.len()).zip(output.chunks_exact_mut(slope.len())) {
        for ((output, &x), &slope) in output.iter_mut().zip(input).zip(slope) {
            *output = bent(x, x, slope);
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
    match d_slope {
        Some([sum]) => *sum += accumulate([input, d_output], |sum, [x, d]| add_below::<I, T>(sum, x, d)),
        Some(sums) => {
            for (input, d_output) in rows.clone() {
                for ((sum, &x), &d) in sums.iter_mut().zip(input).zip(d_output) {
                    *sum = add_below::<I, T>(*sum, x, d);
                }
            }
        }
        None => {}
    }
    let Some(d_input) = d_input else { return };
    if let &[slope] = slope {
        let values = d_input.iter_mut().zip(input).zip(d_output);
        values.for_each(|((d_input, &x), &d)| *d_input = bent(x, d, slope));
        return;
    }
    for ((input, d_output), d_input) in rows.zip(d_input.chunks_exact_mut(width)) {
        for (((d_input, &x), &d), &slope) in d_input.iter_mut().zip(input).zip(d_output).zip(slope) {
            *d_input = bent(x, d, slope);
        }
    }
}
