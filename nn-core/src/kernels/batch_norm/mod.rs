//! Batch normalisation of `rows × channels` values: moments, their merging, and the two passes.
//!
//! All loops run over *lanes*: several neighbouring rows of few channels, or a block of many channels. So the inner loops
//! are long for any channel count, and what belongs to a lane stays in a small array on the stack.

#[cfg(test)]
mod tests;

use core::ops::Range;

use super::kernels;
use crate::Scalar;
use crate::simd::Isa;

kernels! {
    trait BatchNormalisation<T>;

    /// The mean and the sum of squared deviations of each channel of a `rows × channels` matrix; zeros for no rows. Both
    /// outputs, `[channels]`, are overwritten.
    ///
    /// Two passes: the second one sums squares around the mean of the first, so that a large mean costs no digits.
    pub fn column_moments(channels: usize, values: &[T], mean: &mut [T], m2: &mut [T]) = column_moments_body;
    /// Merges moments laid out as `[count, mean.., m2..]`: `left` becomes those of both (Chan, Golub and LeVeque, 1983).
    pub fn merge_moments(channels: usize, left: &mut [T], right: &[T]) = merge_moments_body;
    /// `output = (input - mean) / √(variance + epsilon) · scale + shift`, channel by channel.
    pub fn batch_norm_forward(
        moments: Moments<'_, T>,
        epsilon: T,
        scale: &[T],
        shift: &[T],
        input: &[T],
        output: &mut [T],
    ) = batch_norm_forward_body;
    /// Adds `Σ d_output` to `d_shift` and `Σ d_output · x̂` to `d_scale`, channel by channel, `x̂` being the normalised
    /// input.
    pub fn batch_norm_sums(
        moments: Moments<'_, T>,
        epsilon: T,
        input: &[T],
        d_output: &[T],
        d_shift: &mut [T],
        d_scale: &mut [T],
    ) = batch_norm_sums_body;
    /// The gradient of the input, overwritten: `scale / σ · (d - mean(d) - x̂ · mean(d · x̂))`, where `x̂` is the
    /// normalised input and `sums` are `Σ d` and `Σ d · x̂` over the whole batch; without them the moments count as
    /// constants, and the last two terms are absent.
    pub fn batch_norm_backward(
        moments: Moments<'_, T>,
        epsilon: T,
        scale: &[T],
        sums: Option<(&[T], &[T])>,
        input: &[T],
        d_output: &[T],
        d_input: &mut [T],
    ) = batch_norm_backward_body;
}

/// The most lanes worked on at once.
const BLOCK: usize = 64;
/// How many steps are summed up before the sum joins the total, so that rounding errors stay small in long tiles.
const RUN: usize = 128;

/// Mean and variance of each channel, as a count, a mean and a sum of squared deviations.
#[derive(Clone, Copy, Debug)]
pub struct Moments<'m, T> {
    /// How many values each channel has; 1 when `m2` is the variance itself.
    pub count: T,
    /// `[channels]`
    pub mean: &'m [T],
    /// `[channels]`: sums of squared deviations from the mean.
    pub m2: &'m [T],
}

impl<T: Scalar> Moments<'_, T> {
    #[inline(always)]
    pub(super) fn inverse_deviation(&self, channel: usize, epsilon: T) -> T {
        T::one() / (self.m2[channel] / self.count + epsilon).sqrt()
    }
}

/// How `len` values, rows of `channels`, are cut into steps of `width` lanes; lane `i` belongs to channel `i % channels`.
#[derive(Clone, Copy)]
struct Lanes {
    channels: usize,
    width: usize,
}

impl Lanes {
    #[inline(always)]
    fn new(channels: usize, len: usize) -> Self {
        debug_assert!(channels > 0, "the shape rule refuses empty axes");
        let rows = (BLOCK / channels).min(len / channels).max(1);
        Self { channels, width: channels * rows }
    }

    /// Blocks of at most [`BLOCK`] lanes.
    #[inline(always)]
    fn blocks(self) -> impl Iterator<Item = Range<usize>> {
        (0..self.width).step_by(BLOCK).map(move |start| start..(start + BLOCK).min(self.width))
    }

    /// One value for each lane of a block.
    #[inline(always)]
    fn spread<T: Scalar>(self, block: &Range<usize>, value: impl Fn(usize) -> T) -> [T; BLOCK] {
        let mut lanes = [T::zero(); BLOCK];
        for (lane, slot) in block.clone().zip(&mut lanes) {
            *slot = value(lane % self.channels);
        }
        lanes
    }

    /// The part of one step that lies in a block; the last step may end early.
    #[inline(always)]
    fn part<'v, T>(self, step: &'v [T], block: &Range<usize>) -> &'v [T] {
        &step[block.start.min(step.len())..block.end.min(step.len())]
    }

    #[inline(always)]
    fn part_mut<'v, T>(self, step: &'v mut [T], block: &Range<usize>) -> &'v mut [T] {
        let end = block.end.min(step.len());
        &mut step[block.start.min(end)..end]
    }

    /// Adds lane totals to their channels.
    #[inline(always)]
    fn fold<T: Scalar>(self, block: &Range<usize>, lanes: &[T; BLOCK], sums: &mut [T]) {
        for (lane, value) in block.clone().zip(lanes) {
            sums[lane % self.channels] += *value;
        }
    }
}

/// Sums `term(value, lane constant)` of every lane over a block.
#[inline(always)]
fn sum_block<T: Scalar>(
    lanes: Lanes,
    block: &Range<usize>,
    values: &[T],
    constants: &[T; BLOCK],
    term: impl Fn(T, T) -> T,
) -> [T; BLOCK] {
    let mut total = [T::zero(); BLOCK];
    for run in values.chunks(lanes.width * RUN) {
        let mut partial = [T::zero(); BLOCK];
        for step in run.chunks(lanes.width) {
            for ((sum, value), constant) in partial.iter_mut().zip(lanes.part(step, block)).zip(constants) {
                *sum += term(*value, *constant);
            }
        }
        for (total, partial) in total.iter_mut().zip(partial) {
            *total += partial;
        }
    }
    total
}

#[inline(always)]
pub(super) fn column_moments_body<I: Isa, T: Scalar>(channels: usize, values: &[T], mean: &mut [T], m2: &mut [T]) {
    mean.fill(T::zero());
    m2.fill(T::zero());
    if values.is_empty() {
        return;
    }
    let lanes = Lanes::new(channels, values.len());
    let count = T::of((values.len() / channels) as f64);
    for block in lanes.blocks() {
        let sums = sum_block(lanes, &block, values, &[T::zero(); BLOCK], |value, _| value);
        lanes.fold(&block, &sums, mean);
    }
    mean.iter_mut().for_each(|mean| *mean /= count);
    for block in lanes.blocks() {
        let centre = lanes.spread(&block, |channel| mean[channel]);
        let sums = sum_block(lanes, &block, values, &centre, |value, centre| (value - centre) * (value - centre));
        lanes.fold(&block, &sums, m2);
    }
}

#[inline(always)]
fn merge_moments_body<I: Isa, T: Scalar>(channels: usize, left: &mut [T], right: &[T]) {
    let (left_count, right_count) = (left[0], right[0]);
    let count = left_count + right_count;
    if right_count == T::zero() {
        return;
    }
    let share = right_count / count;
    let (left_mean, left_m2) = left[1..].split_at_mut(channels);
    let (right_mean, right_m2) = right[1..].split_at(channels);
    for (left, right) in left_mean.iter_mut().zip(left_m2).zip(right_mean.iter().zip(right_m2)) {
        let ((mean, m2), (right_mean, right_m2)) = (left, right);
        let distance = *right_mean - *mean;
        *mean += distance * share;
        *m2 += *right_m2 + distance * distance * share * left_count;
    }
    left[0] = count;
}

#[inline(always)]
fn batch_norm_forward_body<I: Isa, T: Scalar>(
    moments: Moments<'_, T>,
    epsilon: T,
    scale: &[T],
    shift: &[T],
    input: &[T],
    output: &mut [T],
) {
    let lanes = Lanes::new(scale.len(), input.len());
    for block in lanes.blocks() {
        let mean = lanes.spread(&block, |channel| moments.mean[channel]);
        let factor = lanes.spread(&block, |channel| scale[channel] * moments.inverse_deviation(channel, epsilon));
        let shift = lanes.spread(&block, |channel| shift[channel]);
        for (input, output) in input.chunks(lanes.width).zip(output.chunks_mut(lanes.width)) {
            let values = lanes.part(input, &block).iter().zip(lanes.part_mut(output, &block));
            for ((((input, output), mean), factor), shift) in values.zip(&mean).zip(&factor).zip(&shift) {
                *output = I::mul_add(*input - *mean, *factor, *shift);
            }
        }
    }
}

#[inline(always)]
fn batch_norm_sums_body<I: Isa, T: Scalar>(
    moments: Moments<'_, T>,
    epsilon: T,
    input: &[T],
    d_output: &[T],
    d_shift: &mut [T],
    d_scale: &mut [T],
) {
    let channels = d_shift.len();
    let lanes = Lanes::new(channels, input.len());
    for block in lanes.blocks() {
        let sums = sum_block(lanes, &block, d_output, &[T::zero(); BLOCK], |d, _| d);
        lanes.fold(&block, &sums, d_shift);
        let mean = lanes.spread(&block, |channel| moments.mean[channel]);
        let mut total = [T::zero(); BLOCK];
        for (input, d_output) in input.chunks(lanes.width * RUN).zip(d_output.chunks(lanes.width * RUN)) {
            let mut partial = [T::zero(); BLOCK];
            for (input, d) in input.chunks(lanes.width).zip(d_output.chunks(lanes.width)) {
                let values = lanes.part(input, &block).iter().zip(lanes.part(d, &block));
                for (((input, d), mean), sum) in values.zip(&mean).zip(&mut partial) {
                    *sum = I::mul_add(*d, *input - *mean, *sum);
                }
            }
            for (total, partial) in total.iter_mut().zip(partial) {
                *total += partial;
            }
        }
        for (lane, total) in block.clone().zip(total) {
            let channel = lane % channels;
            d_scale[channel] += total * moments.inverse_deviation(channel, epsilon);
        }
    }
}

#[inline(always)]
fn batch_norm_backward_body<I: Isa, T: Scalar>(
    moments: Moments<'_, T>,
    epsilon: T,
    scale: &[T],
    sums: Option<(&[T], &[T])>,
    input: &[T],
    d_output: &[T],
    d_input: &mut [T],
) {
    let inverse = |channel| moments.inverse_deviation(channel, epsilon);
    let factor = |channel: usize| scale[channel] * inverse(channel);
    normalised_backward::<I, T>(
        moments.mean,
        factor,
        |channel| sums.map_or(T::zero(), |(d, _)| factor(channel) * d[channel] / moments.count),
        |channel| {
            sums.map_or(T::zero(), |(_, product)| factor(channel) * inverse(channel) * product[channel] / moments.count)
        },
        input,
        d_output,
        d_input,
    );
}

/// `d_input = factor · d - centre - slope · (input - mean)`, with four numbers for each channel.
#[inline(always)]
pub(super) fn normalised_backward<I: Isa, T: Scalar>(
    mean: &[T],
    factor: impl Fn(usize) -> T,
    centre: impl Fn(usize) -> T,
    slope: impl Fn(usize) -> T,
    input: &[T],
    d_output: &[T],
    d_input: &mut [T],
) {
    let lanes = Lanes::new(mean.len(), input.len());
    for block in lanes.blocks() {
        let mean = lanes.spread(&block, |channel| mean[channel]);
        let (factor, centre) = (lanes.spread(&block, &factor), lanes.spread(&block, &centre));
        let slope = lanes.spread(&block, &slope);
        let steps = input.chunks(lanes.width).zip(d_output.chunks(lanes.width)).zip(d_input.chunks_mut(lanes.width));
        for ((input, d_output), d_input) in steps {
            let known = lanes.part(input, &block).iter().zip(lanes.part(d_output, &block));
            let values = known.zip(lanes.part_mut(d_input, &block));
            let constants = mean.iter().zip(&factor).zip(centre.iter().zip(&slope));
            for (((input, d), d_input), ((mean, factor), (centre, slope))) in values.zip(constants) {
                *d_input = I::mul_add(*mean - *input, *slope, I::mul_add(*factor, *d, -*centre));
            }
        }
    }
}
