//! How far to go along a direction: until the loss has fallen enough, and is flat enough.

use alloc::vec::Vec;
use core::mem::swap;

use num_traits::Float;

/// How much of the slope at the start the loss must have fallen by.
const FALL: f64 = 1e-4;
/// How much of the slope at the start may be left.
const LEFT: f64 = 0.9;
/// So many lengths are tried beyond the first.
const TRIES: usize = 25;

/// What is found at one length.
#[derive(Clone, Debug)]
pub(super) struct Probe<T> {
    pub(super) at: f64,
    pub(super) loss: f64,
    /// The derivative by the length.
    pub(super) slope: f64,
    pub(super) gradient: Vec<T>,
}

pub(super) struct LineSearch<T> {
    /// At length 0.
    pub(super) start: Probe<T>,
    /// The largest element of the direction.
    pub(super) size: f64,
    /// The smallest change of an element that counts.
    pub(super) least: f64,
}

impl<T: Clone> LineSearch<T> {
    /// Whether the loss has not fallen enough, or is not a number.
    fn is_too_high(&self, probe: &Probe<T>) -> bool {
        let allowed = self.start.loss + FALL * probe.at * self.start.slope;
        probe.loss.is_nan() || probe.loss > allowed
    }

    fn is_flat(&self, probe: &Probe<T>) -> bool {
        probe.slope.abs() <= -LEFT * self.start.slope
    }

    /// Tries `first`, then further lengths; returns the best and how many were tried.
    pub(super) fn run<E>(
        &self,
        first: f64,
        probe: &mut dyn FnMut(f64) -> Result<Probe<T>, E>,
    ) -> Result<(Probe<T>, usize), E> {
        let (mut before, mut now) = (self.start.clone(), probe(first)?);
        let mut tries = 0;
        while tries < TRIES {
            let is_up = tries > 1 && now.loss >= before.loss;
            if self.is_too_high(&now) || is_up {
                return self.close_in([before, now], tries, probe);
            }
            if self.is_flat(&now) {
                return Ok((now, tries + 1));
            }
            if now.slope >= 0.0 {
                return self.close_in([before, now], tries, probe);
            }
            let bounds = [now.at + 0.01 * (now.at - before.at), 10.0 * now.at];
            let next = lowest_of_cubic(&before, &now, bounds);
            before = core::mem::replace(&mut now, probe(next)?);
            tries += 1;
        }
        let best = if self.start.loss <= now.loss { self.start.clone() } else { now };
        Ok((best, tries + 1))
    }

    /// Closes in on a good length between two, one of which may be too long.
    fn close_in<E>(
        &self,
        [mut low, mut high]: [Probe<T>; 2],
        mut tries: usize,
        probe: &mut dyn FnMut(f64) -> Result<Probe<T>, E>,
    ) -> Result<(Probe<T>, usize), E> {
        if low.loss > high.loss {
            swap(&mut low, &mut high);
        }
        let mut was_near_an_end = false;
        while tries < TRIES && (high.at - low.at).abs() * self.size >= self.least {
            let bounds @ [left, right] = [low.at.min(high.at), low.at.max(high.at)];
            let mut next = lowest_of_cubic(&low, &high, bounds);
            let edge = 0.1 * (right - left);
            let is_near_an_end = (right - next).min(next - left) < edge;
            let must_move = is_near_an_end && (was_near_an_end || next >= right || next <= left);
            if must_move {
                next = if (next - right).abs() < (next - left).abs() { right - edge } else { left + edge };
            }
            was_near_an_end = is_near_an_end && !must_move;
            let new = probe(next)?;
            tries += 1;
            if self.is_too_high(&new) || new.loss >= low.loss {
                high = new;
                if high.loss < low.loss {
                    swap(&mut low, &mut high);
                }
                continue;
            }
            if self.is_flat(&new) {
                return Ok((new, tries + 1));
            }
            if new.slope * (high.at - low.at) >= 0.0 {
                high = low;
            }
            low = new;
        }
        Ok((low, tries + 1))
    }
}

/// Where the cubic through two values and slopes is lowest, within bounds; in their middle where it has no such place.
fn lowest_of_cubic<T>(one: &Probe<T>, other: &Probe<T>, [least, most]: [f64; 2]) -> f64 {
    let (left, right) = if one.at <= other.at { (one, other) } else { (other, one) };
    let width = right.at - left.at;
    let mean = left.slope + right.slope - 3.0 * (right.loss - left.loss) / width;
    let square = mean * mean - left.slope * right.slope;
    let root = Float::sqrt(square); // not a number below 0, and so is what follows
    let lowest = right.at - width * ((right.slope + root - mean) / (right.slope - left.slope + 2.0 * root));
    if lowest.is_finite() { lowest.max(least).min(most) } else { 0.5 * (least + most) }
}
