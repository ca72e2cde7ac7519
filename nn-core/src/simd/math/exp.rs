use super::{Real, polynomial};
use crate::simd::Isa;

/// `exp(x)`.
///
/// Method: `x = n · ln 2 + r` with `|r| ≤ ln 2 / 2` and `ln 2` in two parts, `exp(r)` by a polynomial fitted at Chebyshev
/// nodes, scaled by `2^n`. Range: all numbers; results below the normal range lose digits gradually down to 0, results
/// above the largest number are ∞. Error: at most 1 ULP. NaN gives NaN.
#[inline(always)]
pub(crate) fn exp<I: Isa, T: Real>(x: T) -> T {
    // This way round NaN stays NaN.
    let x = if x < T::EXP_LOW { T::EXP_LOW } else { x };
    let x = if x > T::EXP_HIGH { T::EXP_HIGH } else { x };
    let [excess, rounded] = reduced::<I, T>(x);
    let [first, second] = T::power_of_two(rounded);
    (T::one() + excess) * first * second
}

/// `exp(x) - 1` for `x ≤ 0`.
///
/// Method: as [`exp`], but 1 is taken away before anything is rounded to its size. Range: `x ≤ 0`; larger arguments give
/// anything. Error: at most 1 ULP. -∞ gives -1, NaN gives NaN.
#[inline(always)]
pub(crate) fn exp_m1<I: Isa, T: Real>(x: T) -> T {
    let x = if x < T::EXP_M1_LOW { T::EXP_M1_LOW } else { x };
    let [excess, rounded] = reduced::<I, T>(x);
    let power = T::normal_power_of_two(rounded);
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
