//! Attention without the matrix of all weights (Dao et al., 2022; Milakov and Gimelshein, 2018): tiles of some queries and
//! some keys at a time, with a running maximum and a running sum for each query. Backward makes the weights of a tile again
//! from the logarithm of that sum. So all memory is linear in the time.
//!
//! `tiles` has what happens between two matrix products, `rotary` the positions that turn pairs of features, `single` one query
//! against all keys.

mod rotary;
mod single;
#[cfg(test)]
mod tests;
mod tiles;

pub(super) use rotary::Rotary;
pub(crate) use rotary::{Turn, fill_turns, turn};
pub(super) use single::SingleQuery;
pub(crate) use single::attend_once;
pub(super) use tiles::AttentionTiles;

use self::tiles::{Tile, finish, slopes, soften, transposed, weights};
use super::{Epilogue, Matrix, Store, drop_and_scale, forward_scratch, gemm, gemm_scratch};
use crate::spec::AttentionGeometry;
use crate::{Noise, Scalar};

/// Queries of a tile: few, so that little is computed of what causal attention does not see.
const QUERIES: usize = 32;
/// Keys of a tile.
const KEYS: usize = 128;

/// What is left out of the weights in training.
#[derive(Clone, Copy)]
pub(crate) struct Dropped<T> {
    /// The numbers of this sample.
    pub(crate) noise: Noise,
    /// The probability in steps of 1/65536.
    pub(crate) rate: u16,
    /// What the others are multiplied with.
    pub(crate) factor: T,
}

impl<T: Scalar> Dropped<T> {
    /// Masks the weights of a tile: each row of each tile has numbers of its own.
    fn apply(&self, head: usize, tile: &Tile, weights: &mut [T]) {
        for (row, weights) in weights.chunks_exact_mut(tile.keys).enumerate() {
            let query = (head as u64) << 40 | (tile.first_query + row) as u64;
            let noise = Noise::new(self.noise.bits(query), 0, tile.first_key as u64);
            drop_and_scale(noise, self.rate, self.factor, weights);
        }
    }
}

/// One sample's values: `query` and `context` are `[queries, heads, head_width]`, `key` and `value` are
/// `[keys, key_heads, head_width]`, `log_sums` is `[queries, heads]`.
pub(crate) struct Heads<'m, T> {
    pub(crate) query: &'m mut [T],
    pub(crate) key: &'m mut [T],
    pub(crate) value: &'m mut [T],
    pub(crate) context: &'m mut [T],
    pub(crate) log_sums: &'m mut [T],
}

/// Scalars of scratch memory that [`attention_forward`] and [`attention_backward`] need.
pub(crate) const fn attention_scratch(geometry: &AttentionGeometry) -> usize {
    let head = geometry.head_width;
    let widest = if head > KEYS { head } else { KEYS };
    4 * head * geometry.keys + 2 * QUERIES * KEYS + QUERIES * (head + 3) + gemm_scratch(usize::MAX, widest)
}

/// Scalars of scratch memory that [`attention_forward`] needs.
pub(crate) const fn attention_forward_scratch(geometry: &AttentionGeometry) -> usize {
    let ([rows, keys], head) = (largest_tile(geometry), geometry.head_width);
    let (scores, sums) = (forward_scratch(rows, head, keys), forward_scratch(rows, keys, head));
    let products = if scores > sums { scores } else { sums };
    head * geometry.keys + rows * (keys + head + 2) + products
}

/// The queries and keys of the largest tile.
const fn largest_tile(geometry: &AttentionGeometry) -> [usize; 2] {
    let AttentionGeometry { queries, keys, .. } = *geometry;
    [if queries < QUERIES { queries } else { QUERIES }, if keys < KEYS { keys } else { KEYS }]
}

/// Cuts pieces off a slice.
fn cut<T, const N: usize>(mut memory: &mut [T], lengths: [usize; N]) -> ([&mut [T]; N], &mut [T]) {
    let pieces = lengths.map(|length| {
        let (piece, rest) = core::mem::take(&mut memory).split_at_mut(length);
        memory = rest;
        piece
    });
    (pieces, memory)
}

/// The tiles of some queries that see anything, in order.
fn tiles(geometry: &AttentionGeometry, first_query: usize) -> impl Iterator<Item = Tile> + use<> {
    let geometry = *geometry;
    let rows = QUERIES.min(geometry.queries - first_query);
    let [start, _] = geometry.seen(first_query);
    let [_, end] = geometry.seen(first_query + rows - 1);
    (start..end).step_by(KEYS).map(move |first_key| {
        let keys = KEYS.min(end - first_key);
        Tile { geometry, rows, first_query, first_key, keys }
    })
}

/// `context = softmax(query · keyᵀ / √head_width + bias) · value` for each head of one sample, over the keys that each query
/// sees. `bias` has 0 or -∞ for each key, or is empty. A query that sees no key gets zeros.
pub(crate) fn attention_forward<T: Scalar>(
    geometry: &AttentionGeometry,
    values: Heads<'_, T>,
    bias: &[T],
    dropped: Option<Dropped<T>>,
    scratch: &mut [T],
) {
    let AttentionGeometry { queries, keys, heads, key_heads, head_width, width, .. } = *geometry;
    let key_width = geometry.key_width();
    let [most_rows, most_keys] = largest_tile(geometry);
    let lengths = [head_width * keys, most_rows * most_keys, most_rows * head_width, 2 * most_rows];
    let ([keys_across, scores, sums, running], scratch) = cut(scratch, lengths);
    for key_head in 0..key_heads {
        let place = key_head * head_width;
        transposed([keys, head_width], scale(head_width), key_width, &values.key[place..], keys_across);
        for head in heads / key_heads * key_head..heads / key_heads * (key_head + 1) {
            for first_query in (0..queries).step_by(QUERIES) {
                let rows = QUERIES.min(queries - first_query);
                let (running, sums) = (&mut running[..2 * rows], &mut sums[..rows * head_width]);
                start(running, sums);
                let first = first_query * width + head * head_width;
                let query = Matrix { data: &values.query[first..], row_stride: width, column_stride: 1 };
                for tile in tiles(geometry, first_query) {
                    let scores = &mut scores[..rows * tile.keys];
                    tile.scores(query, keys_across, scores, scratch);
                    soften(tile, bias, scores, running, sums);
                    if let Some(dropped) = dropped {
                        dropped.apply(head, &tile, scores);
                    }
                    let (left, right) = (Matrix::rows(&*scores, tile.keys), tile.keys_of(values.value, place));
                    let shape = [rows, head_width, tile.keys];
                    gemm(shape, left, right, sums, Store::Accumulate, Epilogue::NONE, scratch);
                }
                let log_sums = &mut values.log_sums[first_query * heads + head..];
                finish([head_width, width, heads], running, sums, &mut values.context[first..], log_sums);
            }
        }
    }
}

/// Nothing seen yet.
fn start<T: Scalar>(running: &mut [T], sums: &mut [T]) {
    let (maxima, totals) = running.split_at_mut(running.len() / 2);
    maxima.fill(T::neg_infinity());
    totals.fill(T::zero());
    sums.fill(T::zero());
}

fn scale<T: Scalar>(head_width: usize) -> T {
    T::of(head_width as f64).sqrt().recip()
}

/// The gradients of [`attention_forward`], in the places of `query`, `key` and `value`, from that of the context.
pub(crate) fn attention_backward<T: Scalar>(
    geometry: &AttentionGeometry,
    values: Heads<'_, T>,
    d_context: &[T],
    bias: &[T],
    dropped: Option<Dropped<T>>,
    scratch: &mut [T],
) {
    let AttentionGeometry { queries, keys, heads, key_heads, head_width, width, .. } = *geometry;
    let (scale, key_width, head_len) = (scale::<T>(head_width), geometry.key_width(), head_width * keys);
    let lengths = [head_len, head_len, head_len, head_len, QUERIES * KEYS, QUERIES * KEYS, QUERIES * head_width];
    let ([keys_across, values_across, d_key, d_value, all_weights, all_d, all_d_query], scratch) =
        cut(scratch, lengths);
    for key_head in 0..key_heads {
        let place = key_head * head_width;
        transposed([keys, head_width], scale, key_width, &values.key[place..], keys_across);
        transposed([keys, head_width], T::one(), key_width, &values.value[place..], values_across);
        d_key.fill(T::zero());
        d_value.fill(T::zero());
        for head in heads / key_heads * key_head..heads / key_heads * (key_head + 1) {
            for first_query in (0..queries).step_by(QUERIES) {
                let rows = QUERIES.min(queries - first_query);
                let first = first_query * width + head * head_width;
                let strided = |data| Matrix { data, row_stride: width, column_stride: 1 };
                let (query, d) = (strided(&values.query[first..]), strided(&d_context[first..]));
                let d_query = &mut all_d_query[..rows * head_width];
                d_query.fill(T::zero());
                let log_sums = &values.log_sums[first_query * heads + head..];
                for tile in tiles(geometry, first_query) {
                    let (shared, own) = (&mut all_weights[..rows * tile.keys], &mut all_d[..rows * tile.keys]);
                    tile.scores(query, keys_across, shared, scratch);
                    weights(tile, bias, log_sums, shared);
                    if let Some(dropped) = dropped {
                        own.copy_from_slice(shared);
                        dropped.apply(head, &tile, own);
                    }
                    let kept = if dropped.is_some() { &*own } else { &*shared };
                    tile.add_to_keys(kept, d, d_value, scratch);
                    tile.scores(d, values_across, own, scratch);
                    if let Some(dropped) = dropped {
                        dropped.apply(head, &tile, own);
                    }
                    slopes(tile, &values.context[first..], &d_context[first..], own, shared);
                    tile.add_to_keys(shared, query, d_key, scratch);
                    let (left, right) = (Matrix::rows(&*shared, tile.keys), tile.keys_of(values.key, place));
                    let shape = [rows, head_width, tile.keys];
                    gemm(shape, left, right, d_query, Store::Accumulate, Epilogue::NONE, scratch);
                }
                put_back(scale, [head_width, width], d_query, &mut values.query[first..]);
            }
        }
        put_back(scale, [head_width, key_width], d_key, &mut values.key[place..]);
        put_back(T::one(), [head_width, key_width], d_value, &mut values.value[place..]);
    }
}

/// Writes rows to places that are `stride` apart.
fn put_back<T: Scalar>(factor: T, [width, stride]: [usize; 2], from: &[T], to: &mut [T]) {
    for (from, to) in from.chunks_exact(width).zip(to.chunks_mut(stride)) {
        to[..width].iter_mut().zip(from).for_each(|(to, &from)| *to = factor * from);
    }
}

impl Tile {
    /// Products of queries (or gradients of the context), from the tile's first on, and keys (or values) that lie across.
    fn scores<T: Scalar>(&self, left: Matrix<'_, T>, across: &[T], scores: &mut [T], scratch: &mut [T]) {
        let AttentionGeometry { keys, head_width, .. } = self.geometry;
        let right = Matrix::rows(&across[self.first_key..], keys);
        gemm([self.rows, self.keys, head_width], left, right, scores, Store::Overwrite, Epilogue::NONE, scratch);
    }

    /// The tile's keys or values, of the head that begins at `place`.
    fn keys_of<'a, T>(&self, all: &'a [T], place: usize) -> Matrix<'a, T> {
        let stride = self.geometry.key_width();
        Matrix { data: &all[self.first_key * stride + place..], row_stride: stride, column_stride: 1 }
    }

    /// `sums += weightsᵀ · right` at the tile's keys.
    fn add_to_keys<T: Scalar>(&self, weights: &[T], right: Matrix<'_, T>, sums: &mut [T], scratch: &mut [T]) {
        let head_width = self.geometry.head_width;
        let (left, to) = (Matrix::rows(weights, self.keys).transposed(), &mut sums[self.first_key * head_width..]);
        let shape = [self.keys, head_width, self.rows];
        gemm(shape, left, right, to, Store::Accumulate, Epilogue::NONE, scratch);
    }
}
