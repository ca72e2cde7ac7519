//! Windows of few rows and columns: where they lie is looked up once for some neighbouring pixels, and then all channels
//! pass through registers. The general form looks it up again for each block of channels, which takes longer than the sums.

use super::filter::{Line, Sight};
use crate::Scalar;
use crate::simd::{Grid, Isa, Kernel, RowMut};
use core::ops::Range;

/// Channels that are worked on at once, or twice as many where a register holds them. There must be so many.
pub(super) const LANES: usize = 8;

/// Pixels whose window lies inside the image, `PIXELS` at a time, of which there are so many and more. Windows have `ROWS`
/// rows and `TAPS` columns, and begin `STEP` of their columns apart.
pub(super) struct Narrow<const PIXELS: usize, const ROWS: usize, const TAPS: usize, const STEP: usize>;

impl<'a, T: Scalar, const PIXELS: usize, const ROWS: usize, const TAPS: usize, const STEP: usize>
    Kernel<(Line<'a, T>, Sight, Range<usize>, &'a mut [T], usize)> for Narrow<PIXELS, ROWS, TAPS, STEP>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>((line, sight, pixels, to, step): (Line<'a, T>, Sight, Range<usize>, &'a mut [T], usize)) {
        if 2 * LANES * size_of::<T>() <= I::VECTOR_BYTES && line.channels >= 2 * LANES {
            Self::pass::<I, T, 16>(line, sight, pixels, to, step);
        } else {
            Self::pass::<I, T, LANES>(line, sight, pixels, to, step);
        }
    }
}

impl<const PIXELS: usize, const ROWS: usize, const TAPS: usize, const STEP: usize> Narrow<PIXELS, ROWS, TAPS, STEP> {
    /// All pixels, `AT_ONCE` channels after the other.
    #[inline(always)]
    fn pass<I: Isa, T: Scalar, const AT_ONCE: usize>(
        line: Line<'_, T>,
        sight: Sight,
        pixels: Range<usize>,
        to: &mut [T],
        step: usize,
    ) {
        let channels = line.channels;
        let weights = Weights::<T, ROWS, TAPS>::of(&line, sight);
        let row = line.width * channels;
        let counts = [ROWS, STEP * (PIXELS - 1) + TAPS];
        let steps = [line.rows.gap() * row, sight.gap() * channels];
        let mut pixel = pixels.start;
        while pixel < pixels.end {
            // The last pixels may be computed twice.
            pixel = pixel.min(pixels.end - PIXELS);
            let seen = &line.from[line.rows.first(0) * row + sight.first(pixel) * channels..];
            let seen = Grid::new(seen, counts, steps, channels);
            let mut to = RowMut::<T, PIXELS>::new(&mut to[(pixel - pixels.start) * step..], step, channels);
            let mut first = 0;
            loop {
                let mut sums: [[T; AT_ONCE]; PIXELS] = [line.bias_of(first); PIXELS];
                for row in 0..ROWS {
                    for tap in 0..TAPS {
                        let weights: [T; AT_ONCE] = weights.at(row, tap, first);
                        for (pixel, sums) in sums.iter_mut().enumerate() {
                            // Neighbouring pixels see the same columns: each is loaded once.
                            let seen: &[T; AT_ONCE] = seen.at(row, STEP * pixel + tap, first);
                            for lane in 0..AT_ONCE {
                                sums[lane] = I::mul_add(seen[lane], weights[lane], sums[lane]);
                            }
                        }
                    }
                }
                for (pixel, sums) in sums.iter().enumerate() {
                    let to: &mut [T; AT_ONCE] = to.at(pixel, first);
                    for lane in 0..AT_ONCE {
                        to[lane] = line.held(sums[lane]);
                    }
                }
                if first + AT_ONCE >= channels {
                    break;
                }
                // The last channels may be computed twice as well.
                first = (first + AT_ONCE).min(channels - AT_ONCE);
            }
            pixel += PIXELS;
        }
    }
}

/// The weights that are seen, in the order of the pixels that they meet.
struct Weights<'a, T, const ROWS: usize, const TAPS: usize> {
    grid: Grid<'a, T>,
    /// Backward they lie the other way round.
    is_reversed: bool,
}

impl<'a, T: Scalar, const ROWS: usize, const TAPS: usize> Weights<'a, T, ROWS, TAPS> {
    #[inline(always)]
    fn of(line: &Line<'a, T>, sight: Sight) -> Self {
        let row = line.rows.weight_of(0).min(line.rows.weight_of(ROWS - 1));
        let column = sight.weight_of(0).min(sight.weight_of(TAPS - 1));
        let steps = [line.rows.weight_step() * line.kernel_width * line.channels, sight.weight_step() * line.channels];
        let weight = &line.weight[(row * line.kernel_width + column) * line.channels..];
        Self { grid: Grid::new(weight, [ROWS, TAPS], steps, line.channels), is_reversed: sight.is_reversed() }
    }

    #[inline(always)]
    fn at<const AT_ONCE: usize>(&self, row: usize, tap: usize, first: usize) -> [T; AT_ONCE] {
        let (row, tap) = if self.is_reversed { (ROWS - 1 - row, TAPS - 1 - tap) } else { (row, tap) };
        *self.grid.at(row, tap, first)
    }
}
