//! Normalisation of one sample, `positions × channels` values, in groups of channels: batch normalisation's kernels, with
//! moments that the channels of a group share.

use super::batch_norm::{Moments, column_moments_body, normalised_backward};
use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait GroupNormalisation<T>;

    /// For each channel of one sample the mean of its group, and the sum of squared deviations in its group. Both outputs,
    /// `[channels]`, are overwritten; `groups` divides the channels.
    pub fn group_moments(groups: usize, values: &[T], mean: &mut [T], m2: &mut [T]) = group_moments_body;
    /// The gradient of one sample's input, overwritten: `(g - mean(g) - x̂ · mean(g · x̂)) / σ` over each group, with
    /// `g = scale · d`. `sums` are `Σ d` and `Σ d · x̂` of each channel; they are overwritten.
    pub fn group_norm_backward(
        groups: usize,
        moments: Moments<'_, T>,
        epsilon: T,
        scale: &[T],
        sums: (&mut [T], &mut [T]),
        input: &[T],
        d_output: &[T],
        d_input: &mut [T],
    ) = group_norm_backward_body;
}

#[inline(always)]
fn group_moments_body<I: Isa, T: Scalar>(groups: usize, values: &[T], mean: &mut [T], m2: &mut [T]) {
    let channels = mean.len();
    column_moments_body::<I, T>(channels, values, mean, m2);
    let positions = T::of((values.len() / channels) as f64);
    let width = channels / groups;
    for (mean, m2) in mean.chunks_exact_mut(width).zip(m2.chunks_exact_mut(width)) {
        let centre = mean.iter().copied().sum::<T>() / T::of(width as f64);
        let between: T = mean.iter().map(|mean| (*mean - centre) * (*mean - centre)).sum();
        let within: T = m2.iter().copied().sum();
        mean.fill(centre);
        m2.fill(within + positions * between);
    }
}

#[inline(always)]
fn group_norm_backward_body<I: Isa, T: Scalar>(
    groups: usize,
    moments: Moments<'_, T>,
    epsilon: T,
    scale: &[T],
    sums: (&mut [T], &mut [T]),
    input: &[T],
    d_output: &[T],
    d_input: &mut [T],
) {
    let width = scale.len() / groups;
    let (totals, products) = sums;
    for sums in [&mut *totals, &mut *products] {
        for (sums, scale) in sums.chunks_exact_mut(width).zip(scale.chunks_exact(width)) {
            let total: T = sums.iter().zip(scale).map(|(sum, scale)| *sum * *scale).sum();
            sums.fill(total / moments.count);
        }
    }
    let inverse = |channel| moments.inverse_deviation(channel, epsilon);
    normalised_backward::<I, T>(
        moments.mean,
        |channel| scale[channel] * inverse(channel),
        |channel| inverse(channel) * totals[channel],
        |channel| inverse(channel) * inverse(channel) * products[channel],
        input,
        d_output,
        d_input,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, assert_close, both_scalars};
    use std::vec;
    use std::vec::Vec;

    fn moments_equal_their_definition<T: Scalar>() {
        let mut numbers = Numbers::new(7);
        for (positions, groups, width) in [(1, 1, 1), (1, 3, 2), (5, 1, 7), (9, 4, 3), (7, 70, 1), (30, 2, 40)] {
            let channels = groups * width;
            let values: Vec<T> = numbers.uniform(positions * channels);
            let (mut mean, mut m2) = (vec![T::nan(); channels], vec![T::nan(); channels]);
            group_moments(groups, &values, &mut mean, &mut m2);
            for channel in 0..channels {
                let members =
                    values.iter().enumerate().filter(|(index, _)| index % channels / width == channel / width);
                let members: Vec<f64> = members.map(|(_, value)| value.wide()).collect();
                let expected = members.iter().sum::<f64>() / members.len() as f64;
                let squares: f64 = members.iter().map(|value| (value - expected).powi(2)).sum();
                let tolerance = 64.0 * T::epsilon().wide();
                assert_close(&mean[channel..=channel], &[T::of(expected)], tolerance, "mean");
                assert_close(&m2[channel..=channel], &[T::of(squares)], tolerance, "m2");
            }
        }
    }

    both_scalars! { moments_equal_their_definition }
}
