//! Sums along a row without a long chain of additions that wait for each other.

use crate::Scalar;

/// Values that are summed side by side: several vector registers full.
const LANES: usize = 32;

/// `step(sum, index)` for each index below `count`, in many running sums, which are then added by halves.
#[inline(always)]
pub(super) fn accumulate<T: Scalar>(count: usize, step: impl Fn(T, usize) -> T) -> T {
    let blocks = count / LANES * LANES;
    let rest = (blocks..count).fold(T::zero(), &step);
    if blocks == 0 {
        return rest;
    }
    let mut lanes = [T::zero(); LANES];
    for first in (0..blocks).step_by(LANES) {
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum = step(*sum, first + lane);
        }
    }
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0] + rest
}

/// The sum of `terms(0) … terms(count - 1)`.
#[inline(always)]
pub(super) fn sum_of<T: Scalar>(count: usize, terms: impl Fn(usize) -> T) -> T {
    accumulate(count, |sum, index| sum + terms(index))
}
