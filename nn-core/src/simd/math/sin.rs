use super::{Real, polynomial};
use crate::simd::Isa;

/// `sin(x)`.
///
/// Method: `x = n π + r` with `|r| ≤ π / 2` and `π` in four parts, whose products with `n` are exact (the reduction of Cody and
/// Waite), `sin(r)` by an odd polynomial (fitted by Remez' exchange). Range: up to 50 000 from 0 for `f32`, 10⁸ for `f64`;
/// beyond that digits are lost, and from 2²³ (2⁵²) on the result is any number from -1 to 1. Error: at most 2 ULP, and where
/// the sine is small as if the argument had been off by 2⁻²⁶ of one. ±∞ and NaN give NaN.
#[inline(always)]
pub(crate) fn sin<I: Isa, T: Real>(x: T) -> T {
    let rounded = I::mul_add(x, T::FRAC_1_PI, T::ROUND);
    reduced::<I, T>(x, rounded - T::ROUND).negated_if_odd(rounded)
}

/// `cos(x)`.
///
/// Method: as [`sin`], from the odd multiple of `π / 2` that is nearest. Range and error: those of [`sin`].
#[inline(always)]
pub(crate) fn cos<I: Isa, T: Real>(x: T) -> T {
    let half = T::small(0.5);
    let rounded = I::mul_add(x, T::FRAC_1_PI, -half) + T::ROUND;
    -reduced::<I, T>(x, rounded - T::ROUND + half).negated_if_odd(rounded)
}

/// `sin(x - multiple · π)`, where `multiple` is the nearest one of its kind.
#[inline(always)]
fn reduced<I: Isa, T: Real>(x: T, multiple: T) -> T {
    let mut rest = x;
    for part in T::PI {
        rest = I::mul_add(multiple, -part, rest);
    }
    // Far away, the rest is anything. This way round NaN stays NaN.
    let high = T::small(1.58);
    let rest = if rest > high { high } else { rest };
    let rest = if rest < -high { -high } else { rest };
    let square = rest * rest;
    I::mul_add(rest * square, polynomial::<I, T>(T::SIN, square), rest)
}
