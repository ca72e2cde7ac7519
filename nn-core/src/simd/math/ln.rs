use super::{Real, polynomial};
use crate::simd::Isa;

/// `ln(x)`.
///
/// Method: `x = m · 2^e` with `m` from √½ to √2, and with `f = m - 1`, `s = f / (2 + f)`: `ln m = f - s · (f - 2 s² p(s²))`,
/// from the series of the inverse hyperbolic tangent. Range: all positive numbers, subnormal ones too. Error: at most 1 ULP.
/// 0 gives -∞, ∞ gives ∞, negative numbers and NaN give NaN.
#[inline(always)]
pub(crate) fn ln<I: Isa, T: Real>(x: T) -> T {
    let [mantissa, exponent] = x.mantissa_and_exponent();
    let f = mantissa - T::one();
    let s = f / (f + T::small(2.0));
    let square = s * s;
    let tail = T::small(2.0) * square * polynomial::<I, T>(T::LN, square);
    let low = I::mul_add(exponent, -T::LN_2_LOW, s * (f - tail));
    let result = I::mul_add(exponent, T::LN_2_HIGH, f - low);
    let result = if x == T::zero() { T::neg_infinity() } else { result };
    let result = if x == T::infinity() { x } else { result };
    if x >= T::zero() { result } else { T::nan() }
}

/// `ln(1 + x)` for `x` from 0 to 1.
///
/// Method: `ln(u) + (x - (u - 1)) / u` with `u = 1 + x` as it is rounded: the second term is what rounding has taken away
/// (the idea of Kahan's `log1p`). Error: at most 2 ULP. NaN gives NaN.
#[inline(always)]
pub(crate) fn ln_1p<I: Isa, T: Real>(x: T) -> T {
    let u = T::one() + x;
    ln::<I, T>(u) + (x - (u - T::one())) / u
}
