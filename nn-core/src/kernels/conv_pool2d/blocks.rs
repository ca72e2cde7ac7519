//! Some rows of windows at a time: they are a small convolution of their own, whose result is pooled in scratch memory.

use super::windows::Windows;
use super::winners::floored;
use crate::Scalar;
use crate::kernels::{
    Join, conv_pool2d, conv2d_backward_input, conv2d_backward_weight, conv2d_forward, conv2d_forward_scratch,
    conv2d_scratch, join_assign,
};
use crate::simd::Isa;
use crate::spec::{Activation, Conv2dGeometry};
use core::ops::Range;

/// Scalars of a convolution's result that are made at once: they stay in the second-level cache.
const BLOCK: usize = 1 << 13;

/// Some rows of windows.
#[derive(Clone, Copy)]
struct Part {
    /// Their convolution.
    conv: Conv2dGeometry,
    /// The first row of the image that it sees.
    first: usize,
}

impl Windows {
    /// Scalars of the convolution's result for one row of windows.
    const fn block_row(&self) -> usize {
        self.window[0] * self.conv.output[1] * self.filters()
    }

    /// Rows of windows that are worked on at once.
    const fn block_rows(&self) -> usize {
        let rows = self.counts()[0];
        match BLOCK.checked_div(self.block_row()) {
            None | Some(0) => 1,
            Some(most) if most > rows => rows,
            Some(most) => most,
        }
    }

    /// Some rows of windows as a convolution of a part of the image; `None` where they see nothing but the border.
    const fn part(&self, first: usize, rows: usize) -> Option<Part> {
        let ([height, width, channels], [above, left]) = (self.conv.input, self.conv.padding);
        let rows = rows * self.window[0];
        let start = first * self.window[0] * self.conv.stride[0];
        let end = start + (rows - 1) * self.conv.stride[0] + self.conv.kernel[0];
        let from = start.saturating_sub(above);
        let to = end.saturating_sub(above);
        let to = if to > height { height } else { to };
        if from >= to {
            return None;
        }
        let conv = Conv2dGeometry {
            input: [to - from, width, channels],
            padding: [above.saturating_sub(start), left],
            output: [rows, self.conv.output[1], self.filters()],
            ..self.conv
        };
        Some(Part { conv, first: from })
    }
}

/// What the convolutions of all blocks need at most.
#[derive(Clone, Copy)]
struct Most {
    /// Scratch memory of all passes.
    passes: usize,
    /// Scratch memory of the forward pass.
    forward: usize,
    /// Rows of the image.
    rows: usize,
}

impl Most {
    const fn of(windows: &Windows) -> Self {
        let [rows, _] = windows.counts();
        let (mut most, mut first) = (Self { passes: 0, forward: 0, rows: 0 }, 0);
        while first < rows {
            let count = if rows - first < windows.block_rows() { rows - first } else { windows.block_rows() };
            if let Some(Part { conv, .. }) = windows.part(first, count) {
                let [passes, forward] = [conv2d_scratch(&conv), conv2d_forward_scratch(&conv, 1)];
                most.passes = if passes > most.passes { passes } else { most.passes };
                most.forward = if forward > most.forward { forward } else { most.forward };
                most.rows = if conv.input[0] > most.rows { conv.input[0] } else { most.rows };
            }
            first += count;
        }
        most
    }
}

/// Scalars of scratch memory: the convolution's result and the input's gradient for a block, and what its kernels want.
pub(super) const fn scratch(windows: &Windows) -> usize {
    let Most { passes, rows, .. } = Most::of(windows);
    windows.block_rows() * windows.block_row() + rows * windows.input_row() + passes
}

/// The same for the forward pass alone.
pub(super) const fn forward_scratch(windows: &Windows) -> usize {
    windows.block_rows() * windows.block_row() + Most::of(windows).forward
}

/// Calls `visit` for each block of each image: with the part of the image, and its place among all inputs and outputs.
fn for_each_block(windows: &Windows, samples: usize, mut visit: impl FnMut(Option<Part>, Range<usize>, Range<usize>)) {
    let ([rows, columns], input_row) = (windows.counts(), windows.input_row());
    let row = columns * windows.filters();
    for sample in 0..samples {
        for first in (0..rows).step_by(windows.block_rows()) {
            let count = windows.block_rows().min(rows - first);
            let part = windows.part(first, count);
            let (from, height) = part.map_or((0, 0), |part| (part.first, part.conv.input[0]));
            let input = sample * windows.input_len() + from * input_row;
            let output = sample * windows.output_len() + first * row;
            visit(part, input..input + height * input_row, output..output + count * row);
        }
    }
}

/// `output = max(max(input ⋆ weight) + bias, floor)`, and the winners, unless `winners` is empty.
pub(super) fn forward<T: Scalar>(
    windows: &Windows,
    samples: usize,
    input: &[T],
    weight: &[T],
    bias: &[T],
    floor: T,
    output: &mut [T],
    winners: &mut [T],
    scratch: &mut [T],
) {
    let (window, filters) = (windows.window, windows.filters());
    let row = windows.counts()[1] * filters;
    let (block, scratch) = scratch.split_at_mut(windows.block_rows() * windows.block_row());
    for_each_block(windows, samples, |part, inputs, outputs| {
        match part {
            Some(part) => {
                let identity = Activation::Identity;
                conv2d_forward(&part.conv, 1, &input[inputs], weight, &[], identity, block, scratch);
            }
            None => block.fill(T::zero()),
        }
        let mut winners = winners.get_mut(outputs.clone()).unwrap_or_default().chunks_exact_mut(row);
        for (block, output) in block.chunks_exact(windows.block_row()).zip(output[outputs].chunks_exact_mut(row)) {
            conv_pool2d::pool_row(window, filters, block, bias, floor, output, winners.next().unwrap_or_default());
        }
    });
}

/// Adds to the gradient of the weight.
pub(super) fn backward_weight<T: Scalar>(
    windows: &Windows,
    samples: usize,
    input: &[T],
    winners: &[T],
    d_output: &[T],
    d_weight: &mut [T],
    scratch: &mut [T],
) {
    let (block, scratch) = scratch.split_at_mut(windows.block_rows() * windows.block_row());
    for_each_block(windows, samples, |part, inputs, outputs| {
        let Some(part) = part else { return };
        scatter(windows, &d_output[outputs.clone()], &winners[outputs], block);
        conv2d_backward_weight(&part.conv, 1, &input[inputs], block, d_weight, scratch);
    });
}

/// The gradient of the input, which is overwritten.
pub(super) fn backward_input<T: Scalar>(
    windows: &Windows,
    samples: usize,
    winners: &[T],
    d_output: &[T],
    weight: &[T],
    d_input: &mut [T],
    scratch: &mut [T],
) {
    let (block, scratch) = scratch.split_at_mut(windows.block_rows() * windows.block_row());
    d_input.fill(T::zero());
    for_each_block(windows, samples, |part, inputs, outputs| {
        let Some(part) = part else { return };
        scatter(windows, &d_output[outputs.clone()], &winners[outputs], block);
        let (d_part, scratch) = scratch.split_at_mut(inputs.len());
        conv2d_backward_input(&part.conv, 1, block, weight, d_part, scratch);
        join_assign(Join::Add, &mut d_input[inputs], d_part);
    });
}

/// The gradient of the convolution's result for a block.
fn scatter<T: Scalar>(windows: &Windows, d_output: &[T], winners: &[T], block: &mut [T]) {
    let (window, filters) = (windows.window, windows.filters());
    let row = windows.counts()[1] * filters;
    let outputs = d_output.chunks_exact(row).zip(winners.chunks_exact(row));
    for (block, (d_output, winners)) in block.chunks_exact_mut(windows.block_row()).zip(outputs) {
        conv_pool2d::scatter_row(window, filters, d_output, winners, block);
    }
}

/// Filters that are worked on at once, in registers.
const LANES: usize = 16;

/// The places of the window at some column: their numbers, and where they start in a row of windows.
#[inline(always)]
fn places(window: [usize; 2], filters: usize, row_len: usize, column: usize) -> impl Iterator<Item = (u32, usize)> {
    let [height, width] = window;
    let starts = (0..height)
        .flat_map(move |row| (0..width).map(move |place| row * row_len + (column * width + place) * filters));
    (0..).zip(starts)
}

/// The larger ones of some values and others, with their places. Of equal values the first one stays, and of several NaN.
#[inline(always)]
fn larger<T: Scalar>(best: &[[T; LANES]; 2], values: &[T; LANES], place: T) -> [[T; LANES]; 2] {
    let mut next = [[T::zero(); LANES]; 2];
    for lane in 0..LANES {
        let (value, old) = (values[lane], best[0][lane]);
        let wins = value > old || (value.is_nan() && !old.is_nan());
        next[0][lane] = if wins { value } else { old };
        next[1][lane] = if wins { place } else { best[1][lane] };
    }
    next
}

#[inline(always)]
pub(super) fn pool_row_body<I: Isa, T: Scalar>(
    window: [usize; 2],
    filters: usize,
    block: &[T],
    bias: &[T],
    floor: T,
    output: &mut [T],
    winners: &mut [T],
) {
    let row_len = block.len() / window[0];
    let nobody = T::of_index((window[0] * window[1]) as u32);
    for column in 0..output.len() / filters {
        for first in (0..filters).step_by(LANES) {
            let count = LANES.min(filters - first);
            let mut best = [[T::neg_infinity(); LANES], [T::zero(); LANES]];
            for (place, start) in places(window, filters, row_len, column) {
                best = larger(&best, &padded(&block[start + first..], count), T::of_index(place));
            }
            let bias = padded(bias.get(first..).unwrap_or_default(), count);
            for (largest, bias) in best[0].iter_mut().zip(bias) {
                *largest += bias;
            }
            let [values, winner] = floored(&best[0], &best[1], floor, nobody);
            let place = column * filters + first..column * filters + first + count;
            output[place.clone()].copy_from_slice(&values[..count]);
            if let Some(winners) = winners.get_mut(place) {
                winners.copy_from_slice(&winner[..count]);
            }
        }
    }
}

/// At most `count` values, with zeros behind them.
#[inline(always)]
fn padded<T: Scalar>(values: &[T], count: usize) -> [T; LANES] {
    match values.first_chunk::<LANES>() {
        Some(values) if count == LANES => *values,
        _ => {
            let mut padded = [T::zero(); LANES];
            padded.iter_mut().zip(values).take(count).for_each(|(to, &from)| *to = from);
            padded
        }
    }
}

#[inline(always)]
pub(super) fn scatter_row_body<I: Isa, T: Scalar>(
    window: [usize; 2],
    filters: usize,
    d_output: &[T],
    winners: &[T],
    block: &mut [T],
) {
    let row_len = block.len() / window[0];
    for (column, (d, winners)) in d_output.chunks_exact(filters).zip(winners.chunks_exact(filters)).enumerate() {
        for (place, start) in places(window, filters, row_len, column) {
            for ((to, &d), &winner) in block[start..start + filters].iter_mut().zip(d).zip(winners) {
                *to = if winner.index() == place as usize { d } else { T::zero() };
            }
        }
    }
}
