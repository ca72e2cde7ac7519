use super::{Real, exp_m1, magnitude};
use crate::simd::Isa;

/// `tanh(x)`.
///
/// Method: `-e / (2 + e)` with `e = exp(-2 |x|) - 1`, then the sign of `x`. Range: all numbers. Error: at most 3 ULP (found: 2.5 for `f32`).
/// ±∞ give ±1, NaN gives NaN, -0 gives 0.
#[inline(always)]
pub(crate) fn tanh<I: Isa, T: Real>(x: T) -> T {
    let e = exp_m1::<I, T>(-(magnitude(x) + magnitude(x)));
    let result = -e / (T::small(2.0) + e);
    if x < T::zero() { -result } else { result }
}
