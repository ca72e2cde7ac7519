use super::super::kernels;
use super::narrow::{LANES as NARROW_LANES, Narrow};
use crate::Scalar;
use crate::simd::{Isa, Kernel};
use crate::spec::ConvGeometry;
use core::ops::Range;

/// Which way a filter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the input to the output.
    Forward,
    /// From the gradient of the output to that of the input.
    Backward,
}

kernels! {
    trait DepthwiseFilter<T>;

    /// `to = max(from ⋆ weight + bias, floor)` for one image with one filter a channel; backward it is the gradient of the
    /// input, from that of the output. `weight` is `[kernel height, kernel width, channels]`, `bias` may be empty.
    pub(crate) fn filter_image(
        geometry: &ConvGeometry,
        direction: Direction,
        from: &[T],
        weight: &[T],
        bias: &[T],
        floor: T,
        to: &mut [T],
    ) = filter_body;
}

/// What pixels of the result see along one axis, those of one of its [phases](Sight::phases): pixel number `p` sees `taps`
/// pixels, `gap` apart, from `start + p · step` on, through the weights `weight`, `weight + weight_step`, …. The step is a
/// multiple of the gap, so that neighbours in a phase see the same pixels.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    start: isize,
    step: isize,
    gap: isize,
    taps: isize,
    weight: isize,
    weight_step: isize,
}

impl Sight {
    /// The first pixel of a phase.
    #[inline(always)]
    fn of(geometry: &ConvGeometry, direction: Direction, axis: usize, pixel: usize) -> Self {
        let window = &geometry.window;
        let [kernel, stride, padding] =
            [window.kernel, window.stride, window.padding].map(|sizes| sizes[axis] as isize);
        let (pixel, dilation) = (pixel as isize, geometry.dilation[axis] as isize);
        let strides = times_until_multiple(stride, dilation);
        match direction {
            Direction::Forward => Self {
                start: pixel * stride - padding,
                step: strides * stride,
                gap: dilation,
                taps: kernel,
                weight: 0,
                weight_step: 1,
            },
            Direction::Backward => {
                // An element of the window meets the pixel if whole strides lead to where that window begins; so does
                // every one that is `apart` elements further on, in a window that begins `gap` strides further back.
                let place = pixel + padding;
                let apart = times_until_multiple(dilation, stride);
                let first = (0..apart).find(|element| (place - element * dilation) % stride == 0).unwrap_or(kernel);
                let taps = (kernel - first).max(0).unsigned_abs().div_ceil(apart.unsigned_abs()) as isize;
                let last = first + (taps - 1) * apart;
                let start = (place - last * dilation) / stride;
                // The least number that both divide is as many strides as the gap has pixels.
                Self { start, step: strides, gap: strides, taps, weight: last, weight_step: -apart }
            }
        }
    }

    /// How many phases an axis has: pixels so far apart belong to one of them.
    #[inline(always)]
    fn phases(geometry: &ConvGeometry, direction: Direction, axis: usize) -> usize {
        let [stride, dilation] = [geometry.window.stride[axis], geometry.dilation[axis]];
        let strides = times_until_multiple(stride as isize, dilation as isize).unsigned_abs();
        match direction {
            Direction::Forward => strides,
            Direction::Backward => strides * stride,
        }
    }

    /// The first pixel that pixel number `pixel` looks at, if it lies inside.
    #[inline(always)]
    pub(super) fn first(self, pixel: usize) -> usize {
        (self.start + pixel as isize * self.step).unsigned_abs()
    }

    /// How far apart the pixels are that a pixel looks at.
    #[inline(always)]
    pub(super) fn gap(self) -> usize {
        self.gap.unsigned_abs()
    }

    /// The weight through which it sees pixel number `tap` of them.
    #[inline(always)]
    pub(super) fn weight_of(self, tap: usize) -> usize {
        (self.weight + tap as isize * self.weight_step).unsigned_abs()
    }

    /// How far apart the weights of neighbouring taps are, either way.
    #[inline(always)]
    pub(super) fn weight_step(self) -> usize {
        self.weight_step.unsigned_abs()
    }

    /// Whether later taps have earlier weights.
    #[inline(always)]
    pub(super) fn is_reversed(self) -> bool {
        self.weight_step < 0
    }

    /// Pixel number `pixel` alone, as far as it looks at something: at pixels `0..size`.
    #[inline(always)]
    fn clipped(self, pixel: usize, size: usize) -> Self {
        let start = self.start + pixel as isize * self.step;
        let taps_before = |pixel: isize| {
            let taps = (pixel - start).max(0).unsigned_abs().div_ceil(self.gap());
            self.taps.min(taps as isize)
        };
        let outside = taps_before(0);
        Self {
            start: start + outside * self.gap,
            taps: taps_before(size as isize) - outside,
            weight: self.weight + outside * self.weight_step,
            ..self
        }
    }

    /// Which of `count` pixels look at nothing but pixels `0..size`.
    #[inline(always)]
    fn inside(self, count: usize, size: usize) -> Range<usize> {
        let first = (-self.start).max(0).unsigned_abs().div_ceil(self.step.unsigned_abs()).min(count);
        let reach = if self.taps == 0 { 0 } else { (self.taps - 1) * self.gap + 1 };
        let space = size as isize - reach - self.start;
        let end = if space < 0 { 0 } else { (space / self.step) as usize + 1 };
        first..end.clamp(first, count)
    }
}

/// The least number of times that `size` must be taken to be a multiple of `of`.
#[inline(always)]
fn times_until_multiple(size: isize, of: isize) -> isize {
    (1..of).find(|times| times * size % of == 0).unwrap_or(of)
}

#[inline(always)]
fn filter_body<I: Isa, T: Scalar>(
    geometry: &ConvGeometry,
    direction: Direction,
    from: &[T],
    weight: &[T],
    bias: &[T],
    floor: T,
    to: &mut [T],
) {
    let window = &geometry.window;
    let channels = window.output[2];
    let (from_size, to_size) = match direction {
        Direction::Forward => (window.input, window.output),
        Direction::Backward => (window.output, window.input),
    };
    for row in 0..to_size[0] {
        let sight = Sight::of(geometry, direction, 0, row).clipped(0, from_size[0]);
        let to = &mut to[row * to_size[1] * channels..][..to_size[1] * channels];
        let (kernel_width, width) = (window.kernel[1], from_size[1]);
        let line = Line { from, weight, rows: sight, kernel_width, width, channels, bias, floor };
        filter_row::<I, T>(geometry, direction, line, to);
    }
}

/// What all pixels of a row of the result have in common.
#[derive(Clone, Copy)]
pub(super) struct Line<'a, T> {
    pub(super) from: &'a [T],
    pub(super) weight: &'a [T],
    pub(super) rows: Sight,
    pub(super) kernel_width: usize,
    /// Of an image in `from`.
    pub(super) width: usize,
    pub(super) channels: usize,
    bias: &'a [T],
    floor: T,
}

/// One row of the result.
#[inline(always)]
fn filter_row<I: Isa, T: Scalar>(geometry: &ConvGeometry, direction: Direction, line: Line<'_, T>, to: &mut [T]) {
    let width = to.len() / line.channels;
    let phases = Sight::phases(geometry, direction, 1).min(width);
    for phase in 0..phases {
        let sight = Sight::of(geometry, direction, 1, phase);
        let count = (width - phase).div_ceil(phases);
        let inside = sight.inside(count, line.width);
        let place = |pixel: usize| (phase + pixel * phases) * line.channels;
        for pixel in (0..inside.start).chain(inside.end..count) {
            let sight = sight.clipped(pixel, line.width);
            line.filter::<I, 1>(sight, 0..1, &mut to[place(pixel)..], 0);
        }
        if !inside.is_empty() {
            let to = &mut to[place(inside.start)..];
            let step = phases * line.channels;
            if inside.len() < TILE {
                line.filter::<I, 1>(sight, inside, to, step);
            } else {
                line.filter::<I, TILE>(sight, inside, to, step);
            }
        }
    }
}

/// Pixels whose window lies inside the image, `PIXELS` at a time, of which there are so many and more.
struct Tiles<const PIXELS: usize>;

/// Pixels that are worked on at once: as many as the registers hold.
const TILE: usize = 4;

impl<'a, T: Scalar, const PIXELS: usize> Kernel<(Line<'a, T>, Sight, Range<usize>, &'a mut [T], usize)>
    for Tiles<PIXELS>
{
    type Output = ();

    /// All channels of some pixels, then the next pixels: pixels may lie a power of two apart, and one block of channels
    /// of a whole row would be in each other's way in the cache.
    #[inline(always)]
    fn run<I: Isa>((line, sight, pixels, to, step): (Line<'a, T>, Sight, Range<usize>, &'a mut [T], usize)) {
        let mut pixel = pixels.start;
        while pixel < pixels.end {
            // The last tile is moved back to end with the row: it computes some pixels twice.
            pixel = pixel.min(pixels.end - PIXELS);
            let to = &mut to[(pixel - pixels.start) * step..];
            let mut first = 0;
            while first < line.channels {
                let rest = line.channels - first;
                first += if rest >= 16 && 16 * size_of::<T>() <= 2 * I::VECTOR_BYTES {
                    line.tile::<I, PIXELS, 16>(sight, pixel, first, to, step)
                } else if rest >= 8 {
                    line.tile::<I, PIXELS, 8>(sight, pixel, first, to, step)
                } else {
                    line.tile::<I, PIXELS, 1>(sight, pixel, first, to, step)
                };
            }
            pixel += PIXELS;
        }
    }
}

impl<T: Scalar> Line<'_, T> {
    /// Pixels whose window lies inside the image, `PIXELS` at a time; they are `step` apart in `to`.
    #[inline(always)]
    fn filter<I: Isa, const PIXELS: usize>(self, sight: Sight, pixels: Range<usize>, to: &mut [T], step: usize) {
        let work = (self, sight, pixels, to, step);
        if self.channels < NARROW_LANES {
            return I::call::<Tiles<PIXELS>, _>(work);
        }
        // Windows of three by three, also where they leave the image by a row or a column; each costs time to compile.
        match (self.rows.taps, sight.taps, sight.step / sight.gap) {
            (3, 3, 1) => I::call::<Narrow<PIXELS, 3, 3, 1>, _>(work),
            (3, 3, 2) => I::call::<Narrow<PIXELS, 3, 3, 2>, _>(work),
            (2, 3, 1) => I::call::<Narrow<PIXELS, 2, 3, 1>, _>(work),
            (3, 2, 1) => I::call::<Narrow<PIXELS, 3, 2, 1>, _>(work),
            (2, 2, 1) => I::call::<Narrow<PIXELS, 2, 2, 1>, _>(work),
            _ => I::call::<Tiles<PIXELS>, _>(work),
        }
    }

    /// Rows that the pixels of this row see.
    #[inline(always)]
    pub(super) fn seen_rows(&self) -> usize {
        self.rows.taps.unsigned_abs()
    }

    /// The bias of some channels from one on; zeros where there is none.
    #[inline(always)]
    pub(super) fn bias_of<const LANES: usize>(&self, first: usize) -> [T; LANES] {
        self.bias.get(first..).and_then(<[T]>::first_chunk).copied().unwrap_or([T::zero(); LANES])
    }

    /// A sum as it is stored: not below the floor. This way round NaN stays NaN.
    #[inline(always)]
    pub(super) fn held(&self, sum: T) -> T {
        if sum < self.floor { self.floor } else { sum }
    }

    /// `LANES` channels of some pixels, from one of them on. Returns `LANES`.
    #[inline(always)]
    fn tile<I: Isa, const PIXELS: usize, const LANES: usize>(
        &self,
        sight: Sight,
        pixel: usize,
        first: usize,
        to: &mut [T],
        step: usize,
    ) -> usize {
        let sums = self.sums::<I, PIXELS, LANES>(sight, pixel, first);
        for (index, sums) in sums.iter().enumerate() {
            let to = to[index * step + first..].first_chunk_mut();
            let to: &mut [T; LANES] = to.expect("cannot fail: a whole block of channels");
            *to = sums.map(|sum| self.held(sum));
        }
        LANES
    }

    #[inline(always)]
    fn sums<I: Isa, const PIXELS: usize, const LANES: usize>(
        &self,
        sight: Sight,
        pixel: usize,
        first: usize,
    ) -> [[T; LANES]; PIXELS] {
        let mut sums = [self.bias_of(first); PIXELS];
        let start = sight.first(pixel);
        let step = sight.step.unsigned_abs() * self.channels;
        // The last tap's end, from where a pixel's first one begins: one length for all pixels, so one check for all.
        let gap = sight.gap() * self.channels;
        let reach = (sight.taps.unsigned_abs().max(1) - 1) * gap + LANES;
        // A pixel that sees no column of the image, far out in a border, sees no row of it either.
        let rows = if sight.taps == 0 { 0 } else { self.seen_rows() };
        for row in 0..rows {
            let weight = self.rows.weight_of(row) * self.kernel_width;
            let weight = &self.weight[weight * self.channels + first..];
            let from = ((self.rows.first(0) + row * self.rows.gap()) * self.width + start) * self.channels + first;
            let mut pixels: [&[T]; PIXELS] = [&[]; PIXELS];
            for (index, pixel) in pixels.iter_mut().enumerate() {
                *pixel = &self.from[from + index * step..][..reach];
            }
            for tap in 0..sight.taps.unsigned_abs() {
                let place = sight.weight_of(tap) * self.channels;
                let weight: [T; LANES] = *chunk(&weight[place..]);
                let place = tap * gap;
                // All checks first: between them, the weights would be read again for each pixel.
                let pixels: [[T; LANES]; PIXELS] = pixels.map(|pixel| *chunk(&pixel[place..]));
                for (sums, pixel) in sums.iter_mut().zip(&pixels) {
                    for lane in 0..LANES {
                        sums[lane] = I::mul_add(pixel[lane], weight[lane], sums[lane]);
                    }
                }
            }
        }
        sums
    }
}

#[inline(always)]
pub(super) fn chunk<T, const LANES: usize>(from: &[T]) -> &[T; LANES] {
    from.first_chunk().expect("cannot fail: a whole block of channels")
}
