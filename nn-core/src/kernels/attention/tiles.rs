use crate::Scalar;
use crate::kernels::kernels;
use crate::kernels::sums::accumulate;
use crate::simd::{Isa, math};
use crate::spec::AttentionGeometry;

/// Some queries and some keys.
#[derive(Clone, Copy, Debug)]
pub struct Tile {
    pub(super) geometry: AttentionGeometry,
    pub(super) rows: usize,
    pub(super) first_query: usize,
    pub(super) first_key: usize,
    pub(super) keys: usize,
}

impl Tile {
    /// The keys of the tile that one of its queries sees: the first, and the first that it does not.
    #[inline(always)]
    fn seen(&self, row: usize) -> [usize; 2] {
        let [start, end] = self.geometry.seen(self.first_query + row);
        let within = |key: usize| key.saturating_sub(self.first_key).min(self.keys);
        [within(start), within(end)]
    }
}

kernels! {
    trait AttentionTiles<T>;

    /// `to = factor · fromᵀ`: of `[rows, columns]` numbers, whose rows are `stride` apart, the columns one behind the other.
    pub(super) fn transposed(shape: [usize; 2], factor: T, stride: usize, from: &[T], to: &mut [T]) = transposed_body;
    /// Turns the scores of a tile into weights `exp(score + bias - maximum)`, with the maximum of all that each query has seen
    /// so far. What was summed up before is scaled to that maximum: `running` holds the maxima and the sums of weights, `sums`
    /// the weighted sums of values, a row for each query.
    pub(super) fn soften(tile: Tile, bias: &[T], scores: &mut [T], running: &mut [T], sums: &mut [T]) = soften_body;
    /// The means from the weighted sums, and the logarithms of the sums of weights: +∞ for a query that has seen nothing.
    /// `strides` are a row's length, that from one row of the means to the next, and that from one logarithm to the next.
    pub(super) fn finish(strides: [usize; 3], running: &[T], sums: &[T], means: &mut [T], log_sums: &mut [T]) = finish_body;
    /// Turns the scores of a tile into weights that add up to 1: `exp(score + bias - log_sum)`.
    pub(super) fn weights(tile: Tile, bias: &[T], log_sums: &[T], scores: &mut [T]) = weights_body;
    /// The gradients of the scores: `weight · (d_weight - d_context · context)`, in the place of the weights.
    pub(super) fn slopes(tile: Tile, context: &[T], d_context: &[T], d_weights: &[T], weights: &mut [T]) = slopes_body;
}

/// Numbers that are worked on at once. A row's last ones are worked on in a block of their own: its length differs from row to
/// row, and a loop over the rest would cost as much as all blocks.
const LANES: usize = 16;

/// A row in blocks: the last one is a copy of what is left, with -∞ behind it.
struct Blocks<'r, T> {
    whole: &'r mut [[T; LANES]],
    rest: &'r mut [T],
    last: [T; LANES],
}

impl<'r, T: Scalar> Blocks<'r, T> {
    #[inline(always)]
    fn new(row: &'r mut [T]) -> Self {
        let (whole, rest) = row.as_chunks_mut();
        let mut last = [T::neg_infinity(); LANES];
        last[..rest.len()].copy_from_slice(rest);
        Self { whole, rest, last }
    }

    #[inline(always)]
    fn all(&mut self) -> impl Iterator<Item = &mut [T; LANES]> {
        self.whole.iter_mut().chain((!self.rest.is_empty()).then_some(&mut self.last))
    }

    /// Puts the last one where it belongs.
    #[inline(always)]
    fn finish(self) {
        self.rest.copy_from_slice(&self.last[..self.rest.len()]);
    }
}

/// The sum or the largest of some lanes, by halves.
#[inline(always)]
fn joined<T: Scalar>(mut lanes: [T; LANES], join: impl Fn(T, T) -> T) -> T {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = join(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// The larger number; of NaN and a number the number.
#[inline(always)]
fn larger<T: Scalar>(left: T, right: T) -> T {
    if right > left { right } else { left }
}

#[inline(always)]
fn transposed_body<I: Isa, T: Scalar>([rows, columns]: [usize; 2], factor: T, stride: usize, from: &[T], to: &mut [T]) {
    let whole = [rows, columns].map(|size| size / 8 * 8);
    for row in (0..whole[0]).step_by(8) {
        for column in (0..whole[1]).step_by(8) {
            let mut block = [[T::zero(); 8]; 8];
            for (index, block) in block.iter_mut().enumerate() {
                block.copy_from_slice(&from[(row + index) * stride + column..][..8]);
            }
            for (index, block) in I::transpose(&block).iter().enumerate() {
                let to = &mut to[(column + index) * rows + row..][..8];
                to.iter_mut().zip(block).for_each(|(to, &from)| *to = factor * from);
            }
        }
    }
    for row in 0..rows {
        let first = if row < whole[0] { whole[1] } else { 0 };
        for column in first..columns {
            to[column * rows + row] = factor * from[row * stride + column];
        }
    }
}

/// What a query does not see of a tile has no weight; the rest, with its bias added.
#[inline(always)]
fn visible<'s, T: Scalar>(tile: &Tile, row: usize, bias: &[T], scores: &'s mut [T]) -> &'s mut [T] {
    let [start, end] = tile.seen(row);
    let scores = &mut scores[row * tile.keys..][..tile.keys];
    scores[..start].fill(T::zero());
    scores[end..].fill(T::zero());
    let scores = &mut scores[start..end];
    if !bias.is_empty() {
        let bias = &bias[tile.first_key + start..][..scores.len()];
        scores.iter_mut().zip(bias).for_each(|(score, &bias)| *score += bias);
    }
    scores
}

#[inline(always)]
fn soften_body<I: Isa, T: Scalar>(tile: Tile, bias: &[T], scores: &mut [T], running: &mut [T], sums: &mut [T]) {
    let (maxima, totals) = running.split_at_mut(tile.rows);
    let rows = sums.chunks_exact_mut(tile.geometry.head_width).zip(maxima).zip(totals);
    for (row, ((sums, maximum), total)) in rows.enumerate() {
        let before = *maximum;
        let (largest, shift, sum) = soften_row::<I, T>(visible(&tile, row, bias, scores), before);
        *maximum = largest;
        // Where nothing but NaN has been seen before, the product stays NaN.
        let mut factor = T::zero();
        if before > T::neg_infinity() {
            factor = math::exp_of_negative::<I, T>(before - shift);
            sums.iter_mut().for_each(|sum| *sum *= factor);
        }
        *total = I::mul_add(*total, factor, sum);
    }
}

/// The largest of some scores and of one before them; what is subtracted from them for that, before each becomes its
/// exponential; and the sum of these.
#[inline(always)]
pub(super) fn soften_row<I: Isa, T: Scalar>(scores: &mut [T], before: T) -> (T, T, T) {
    let mut blocks = Blocks::new(scores);
    let mut lanes = [T::neg_infinity(); LANES];
    for block in blocks.all() {
        for (lane, &mut score) in lanes.iter_mut().zip(block) {
            *lane = larger(*lane, score);
        }
    }
    let largest = larger(before, joined(lanes, larger));
    // Of nothing but -∞ every weight is 0, and NaN stays NaN.
    let shift = if largest == T::neg_infinity() { T::zero() } else { largest };
    let mut lanes = [T::zero(); LANES];
    for block in blocks.all() {
        for (lane, score) in lanes.iter_mut().zip(block) {
            *score = math::exp_of_negative::<I, T>(*score - shift);
            *lane += *score;
        }
    }
    blocks.finish();
    (largest, shift, joined(lanes, |left, right| left + right))
}

#[inline(always)]
fn finish_body<I: Isa, T: Scalar>(
    [width, mean_stride, log_stride]: [usize; 3],
    running: &[T],
    sums: &[T],
    means: &mut [T],
    log_sums: &mut [T],
) {
    let (maxima, totals) = running.split_at(running.len() / 2);
    for (row, (sums, (&maximum, &total))) in sums.chunks_exact(width).zip(maxima.iter().zip(totals)).enumerate() {
        let is_empty = total == T::zero();
        let factor = if is_empty { T::zero() } else { total.recip() };
        let means = &mut means[row * mean_stride..][..width];
        means.iter_mut().zip(sums).for_each(|(mean, &sum)| *mean = sum * factor);
        log_sums[row * log_stride] = if is_empty { T::infinity() } else { maximum + math::ln::<I, T>(total) };
    }
}

#[inline(always)]
fn weights_body<I: Isa, T: Scalar>(tile: Tile, bias: &[T], log_sums: &[T], scores: &mut [T]) {
    for row in 0..tile.rows {
        let log_sum = log_sums[row * tile.geometry.heads];
        let mut blocks = Blocks::new(visible(&tile, row, bias, scores));
        for block in blocks.all() {
            for score in block {
                *score = math::exp_of_negative::<I, T>(*score - log_sum);
            }
        }
        blocks.finish();
    }
}

#[inline(always)]
fn slopes_body<I: Isa, T: Scalar>(tile: Tile, context: &[T], d_context: &[T], d_weights: &[T], weights: &mut [T]) {
    let AttentionGeometry { width, head_width, .. } = tile.geometry;
    let rows = weights.chunks_exact_mut(tile.keys).zip(d_weights.chunks_exact(tile.keys));
    for (row, (weights, d_weights)) in rows.enumerate() {
        let [context, d_context] = [context, d_context].map(|values| &values[row * width..][..head_width]);
        let mean = accumulate([context, d_context], |sum, [context, d]| I::mul_add(context, d, sum));
        for (weight, &d) in weights.iter_mut().zip(d_weights) {
            *weight *= d - mean;
        }
    }
}
