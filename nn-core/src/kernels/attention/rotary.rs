use num_traits::Float;

use crate::Scalar;
use crate::kernels::kernels;
use crate::simd::Isa;

/// Positions whose angles follow from that of the first by addition: what rounding adds up to stays below 1e-14.
const STRIDE: usize = 32;

/// Which way pairs are turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// By their angles.
    Forward,
    /// Back again: what a gradient is turned by.
    Back,
}

/// The cosines and sines of `positions` neighbouring positions from `first` on: for each, `head_width / 2` cosines of
/// `position / base^(2 pair / head_width)`, and the sines behind them.
pub(crate) fn fill_turns<T: Scalar>(base: f64, head_width: usize, first: usize, positions: usize, turns: &mut [T]) {
    let pairs = head_width / 2;
    for pair in 0..pairs {
        let frequency = Float::powf(base, -((2 * pair) as f64) / head_width as f64);
        let (step_sine, step_cosine) = Float::sin_cos(frequency);
        let (mut sine, mut cosine) = (0.0, 1.0);
        for position in 0..positions {
            (sine, cosine) = if position % STRIDE == 0 {
                Float::sin_cos((first + position) as f64 * frequency)
            } else {
                (sine * step_cosine + cosine * step_sine, cosine * step_cosine - sine * step_sine)
            };
            turns[position * head_width + pair] = T::of(cosine);
            turns[position * head_width + pairs + pair] = T::of(sine);
        }
    }
}

kernels! {
    trait Rotary<T>;

    /// Turns, in each head of `[.., positions, heads, head_width]` numbers, feature `i` of the first half and feature `i` of the
    /// second half by the angle of their position, see [`fill_turns`]. `widths` are those of all heads and of one.
    pub(crate) fn turn(way: Turn, widths: [usize; 2], turns: &[T], values: &mut [T]) = turn_body;
}

#[inline(always)]
fn turn_body<I: Isa, T: Scalar>(way: Turn, [width, head_width]: [usize; 2], turns: &[T], values: &mut [T]) {
    let sign = if way == Turn::Forward { T::one() } else { -T::one() };
    for (row, turns) in values.chunks_exact_mut(width).zip(turns.chunks_exact(head_width).cycle()) {
        let (cosines, sines) = turns.split_at(head_width / 2);
        for head in row.chunks_exact_mut(head_width) {
            let (left, right) = head.split_at_mut(head_width / 2);
            for (((left, right), &cosine), &sine) in left.iter_mut().zip(right).zip(cosines).zip(sines) {
                let (x, y, sine) = (*left, *right, sign * sine);
                *left = I::mul_add(x, cosine, -y * sine);
                *right = I::mul_add(y, cosine, x * sine);
            }
        }
    }
}
