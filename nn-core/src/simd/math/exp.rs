use super::{Real, polynomial};
use crate::simd::Isa;

/// `exp(x)`.
///
/// Method: `x = n · ln 2 + r` with `|r| ≤ ln 2 / 2` and `ln 2` in two parts, `exp(r)` by a polynomial fitted at Chebyshev
/// nodes, scaled by `2^n`. Range: all numbers; what would have fewer digits than a number has, below about
/// `1.6 · min_positive_value`, is 0, since a processor takes a hundred times as long for such numbers; results above the largest
/// number are ∞. Error: at most 1 ULP. NaN gives NaN.
#[inline(always)]
pub(crate) fn exp<I: Isa, T: Real>(x: T) -> T {
    // Far below, what follows gives anything.
    let is_zero = x < T::EXP_LOW;
    // This way round NaN stays NaN.
    let x = if x > T::EXP_HIGH { T::EXP_HIGH } else { x };
    let [excess, rounded] = reduced::<I, T>(x);
    // By halves: the largest numbers are below a power of two that is beyond the range.
    let two = T::small(2.0);
    let power = I::mul_add(excess, two, two) * T::small(0.5).times_power_of_two(rounded);
    if is_zero { T::zero() } else { power }
}

/// `exp(x)` for `x ≤ 0`, with three operations less than [`exp`].
///
/// Method: as [`exp`]. Range: `x ≤ 0`, and up to 88; larger arguments give anything. Error: at most 1 ULP. -∞ gives 0, NaN gives
/// NaN.
#[inline(always)]
pub(crate) fn exp_of_negative<I: Isa, T: Real>(x: T) -> T {
    let [excess, rounded] = reduced::<I, T>(x);
    // Far below, the power is anything.
    let power = (T::one() + excess).times_power_of_two(rounded);
    if x < T::EXP_LOW { T::zero() } else { power }
}

/// `exp(x) - 1` for `x ≤ 0`.
///
/// Method: as [`exp`], but 1 is taken away before anything is rounded to its size. Range: `x ≤ 0`; larger arguments give
/// anything. Error: at most 1 ULP. -∞ gives -1, NaN gives NaN.
#[inline(always)]
pub(crate) fn exp_m1<I: Isa, T: Real>(x: T) -> T {
    let x = if x < T::EXP_M1_LOW { T::EXP_M1_LOW } else { x };
    let [excess, rounded] = reduced::<I, T>(x);
    let power = T::one().times_power_of_two(rounded);
    I::mul_add(power, excess, power - T::one())
}

/// `exp(r) - 1`, and `n` as it is rounded.
#[inline(always)]
fn reduced<I: Isa, T: Real>(x: T) -> [T; 2] {
    let rounded = I::mul_add(x, T::LOG2_E, T::ROUND);
    let n = rounded - T::ROUND;
    let r = I::mul_add(n, -T::LN_2_LOW, I::mul_add(n, -T::LN_2_HIGH, x));
    [I::mul_add(polynomial::<I, T>(T::EXP, r), r * r, r), rounded]
}
