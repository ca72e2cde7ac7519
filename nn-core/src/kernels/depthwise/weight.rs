use super::super::{conv2d::columns_inside, kernels};
use super::filter::chunk;
use crate::Scalar;
use crate::simd::{Isa, Kernel};
use crate::spec::ConvGeometry;
use core::ops::Range;

kernels! {
    trait DepthwiseWeight<T>;

    /// Adds what one image gives to the gradient of the weight, `[kernel height, kernel width, channels]`, with one filter a
    /// channel.
    pub(crate) fn add_weight_gradient(geometry: &ConvGeometry, input: &[T], d_output: &[T], d_weight: &mut [T]) = weight_body;
}

/// Columns of the window that are worked on at once, where so many are left.
const TAPS: usize = 3;

#[inline(always)]
fn weight_body<I: Isa, T: Scalar>(geometry: &ConvGeometry, input: &[T], d_output: &[T], d_weight: &mut [T]) {
    let window = &geometry.window;
    let ([height, width, channels], [out_height, out_width, _]) = (window.input, window.output);
    let [kernel_height, kernel_width] = window.kernel;
    for row in 0..out_height {
        let d_output = &d_output[row * out_width * channels..][..out_width * channels];
        for window_row in 0..kernel_height {
            let from = (row * window.stride[0] + window_row * geometry.dilation[0]).checked_sub(window.padding[0]);
            let Some(from) = from.filter(|&from| from < height) else { continue };
            let input = &input[from * width * channels..][..width * channels];
            let d_weight = &mut d_weight[window_row * kernel_width * channels..][..kernel_width * channels];
            add_row::<I, T>(geometry, input, d_output, d_weight);
        }
    }
}

/// Adds what one row of the image gives to one row of the window.
#[inline(always)]
fn add_row<I: Isa, T: Scalar>(geometry: &ConvGeometry, input: &[T], d_output: &[T], d_weight: &mut [T]) {
    let channels = geometry.window.output[2];
    let mut first = 0;
    while first < channels {
        let rest = channels - first;
        first += if rest >= 16 && 16 * size_of::<T>() <= 2 * I::VECTOR_BYTES {
            add_channels::<I, T, 16>(geometry, first, input, d_output, d_weight)
        } else if rest >= 8 {
            add_channels::<I, T, 8>(geometry, first, input, d_output, d_weight)
        } else {
            add_channels::<I, T, 1>(geometry, first, input, d_output, d_weight)
        };
    }
}

/// As [`add_row`], for `LANES` channels. Returns `LANES`.
#[inline(always)]
fn add_channels<I: Isa, T: Scalar, const LANES: usize>(
    geometry: &ConvGeometry,
    first: usize,
    input: &[T],
    d_output: &[T],
    d_weight: &mut [T],
) -> usize {
    let (window, dilation) = (&geometry.window, geometry.dilation[1]);
    let (kernel, stride, left, channels) = (window.kernel[1], window.stride[1], window.padding[1], window.output[2]);
    // Where all of some columns of the window lie inside.
    let inside_of = |first: usize, last: usize| columns_inside(window, first * dilation..last * dilation + 1);
    let mut tap = 0;
    while tap < kernel {
        let several = tap + TAPS <= kernel;
        let inside = if several { inside_of(tap, tap + TAPS - 1) } else { 0..0 };
        let steps = Steps { first, tap, stride, dilation, left, channels };
        for single in tap..tap + if several { TAPS } else { 1 } {
            let all = inside_of(single, single);
            let steps = Steps { tap: single, ..steps };
            let before = all.start..inside.start.clamp(all.start, all.end);
            let behind = inside.end.clamp(before.end, all.end)..all.end;
            for columns in [before, behind] {
                steps.add::<I, T, 1, LANES>(columns, input, d_output, d_weight);
            }
        }
        if several {
            I::call::<AddTaps<LANES>, _>((steps, inside, input, d_output, &mut *d_weight));
        }
        tap += if several { TAPS } else { 1 };
    }
    LANES
}

struct AddTaps<const LANES: usize>;

impl<'a, T: Scalar, const LANES: usize> Kernel<(Steps, Range<usize>, &'a [T], &'a [T], &'a mut [T])>
    for AddTaps<LANES>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((steps, columns, input, d_output, d_weight): (Steps, Range<usize>, &'a [T], &'a [T], &'a mut [T])) {
        steps.add::<I, T, TAPS, LANES>(columns, input, d_output, d_weight);
    }
}

/// Where a row of positions finds what it multiplies.
#[derive(Clone, Copy)]
struct Steps {
    first: usize,
    tap: usize,
    stride: usize,
    dilation: usize,
    left: usize,
    channels: usize,
}

impl Steps {
    /// Adds the products of some positions to `COUNT` columns of the window, which all lie inside the image.
    #[inline(always)]
    fn add<I: Isa, T: Scalar, const COUNT: usize, const LANES: usize>(
        &self,
        columns: Range<usize>,
        input: &[T],
        d_output: &[T],
        d_weight: &mut [T],
    ) {
        if columns.is_empty() {
            return;
        }
        let Self { first, tap, stride, dilation, left, channels } = *self;
        let mut sums = [[T::zero(); LANES]; COUNT];
        let input = &input[(columns.start * stride + tap * dilation - left) * channels + first..];
        let d_output = &d_output[columns.start * channels + first..];
        // One length for all columns of the window, so one check for all.
        let reach = (columns.len() - 1) * stride * channels + LANES;
        let mut taps: [&[T]; COUNT] = [&[]; COUNT];
        for (index, tap) in taps.iter_mut().enumerate() {
            *tap = &input[index * dilation * channels..][..reach];
        }
        for column in 0..columns.len() {
            let d: &[T; LANES] = chunk(&d_output[column * channels..]);
            let place = column * stride * channels;
            for (sums, tap) in sums.iter_mut().zip(&taps) {
                let from: &[T; LANES] = chunk(&tap[place..]);
                for lane in 0..LANES {
                    sums[lane] = I::mul_add(from[lane], d[lane], sums[lane]);
                }
            }
        }
        for (index, sums) in sums.iter().enumerate() {
            let to = &mut d_weight[(tap + index) * channels + first..][..LANES];
            for (to, &sum) in to.iter_mut().zip(sums) {
                *to += sum;
            }
        }
    }
}
