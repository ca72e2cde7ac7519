use super::{Real, exp_of_negative, ln_1p, magnitude};
use crate::simd::Isa;

/// `ln(1 + exp(x))`.
///
/// Method: `max(x, 0) + ln(1 + z)` with `z = exp(-|x|)`: nothing overflows, and small results keep their digits. Range: all
/// numbers. Error: at most 3 ULP. ∞ gives ∞, -∞ gives 0, NaN gives NaN.
#[inline(always)]
pub(crate) fn softplus<I: Isa, T: Real>(x: T) -> T {
    let tail = ln_1p::<I, T>(exp_of_negative::<I, T>(-magnitude(x)));
    if x > T::zero() { x + tail } else { tail }
}
