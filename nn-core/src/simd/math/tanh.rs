use super::{Real, polynomial};
use crate::simd::Isa;

/// `tanh(x)`.
///
/// Method: `x = n · ln 2 / 2 + h` with `|h| ≤ ln 2 / 4`, and the addition theorem: `tanh(n · ln 2 / 2) = (2^n - 1) / (2^n + 1)`,
/// `tanh(h)` by a polynomial (fitted by Remez' exchange), one division for all. Range: all numbers. Error: at most 3 ULP
/// (found: 2.5). ±∞ give ±1, NaN gives NaN, -0 gives 0.
#[inline(always)]
pub(crate) fn tanh<I: Isa, T: Real>(x: T) -> T {
    // This way round NaN stays NaN.
    let x = if x > T::TANH_HIGH { T::TANH_HIGH } else { x };
    let x = if x < -T::TANH_HIGH { -T::TANH_HIGH } else { x };
    let half_ln_2 = T::small(0.5) * (T::LN_2_HIGH + T::LN_2_LOW);
    let rounded = I::mul_add(x, T::LOG2_E + T::LOG2_E, T::ROUND);
    let h = I::mul_add(rounded - T::ROUND, -half_ln_2, x);
    let square = h * h;
    let rest = I::mul_add(h * square, polynomial::<I, T>(T::TANH, square), h);
    let power = T::one().times_power_of_two(rounded);
    let (minus, plus) = (power - T::one(), power + T::one());
    I::mul_add(rest, plus, minus) / I::mul_add(rest, minus, plus)
}
