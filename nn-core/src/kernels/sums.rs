//! Sums along rows without a long chain of additions that wait for each other.

use crate::Scalar;

/// Values that are summed side by side: several vector registers full.
const LANES: usize = 32;

/// `step(sum, [a, b, ..])` for each column of some rows, in many running sums, which are then added by halves. No row is shorter
/// than the first.
///
/// It takes rows, and hands out their elements, because a step that looked them up by their index would check its bounds: then
/// nothing is vectorised.
#[inline(always)]
pub(super) fn accumulate<T: Scalar, const ROWS: usize>(rows: [&[T]; ROWS], step: impl Fn(T, [T; ROWS]) -> T) -> T {
    let count = rows.first().map_or(0, |row| row.len());
    let cut = rows.map(|row| row[..count].as_chunks::<LANES>());
    let rest = (count / LANES * LANES..count).fold(T::zero(), |sum, index| step(sum, rows.map(|row| row[index])));
    if count < LANES {
        return rest;
    }
    let mut lanes = [T::zero(); LANES];
    for index in 0..count / LANES {
        let blocks = cut.map(|(blocks, _)| &blocks[index]);
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum = step(*sum, blocks.map(|block| block[lane]));
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

/// The sum of what a function gives for each value.
#[inline(always)]
pub(super) fn sum_of<T: Scalar>(values: &[T], term: impl Fn(T) -> T) -> T {
    accumulate([values], |sum, [value]| sum + term(value))
}
