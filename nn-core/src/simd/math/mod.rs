//! Vector math: functions without branches and tables, that the compiler vectorises inside a kernel.
//!
//! Every function states its method, its largest error in units in the last place (measured by the tests below, for `f32`
//! and `f64`, with and without fused multiply-adds), and what NaN and infinities give.

mod exp;
mod ln;
mod normal;
mod sigmoid;
mod sin;
mod softplus;
mod tanh;
#[cfg(test)]
mod tests;

pub(crate) use exp::{exp, exp_m1, exp_of_negative};
pub(crate) use ln::{ln, ln_1p};
pub(crate) use normal::{normal_cdf, normal_density};
pub(crate) use sigmoid::sigmoid_pair;
pub(crate) use sin::{cos, sin};
pub(crate) use softplus::softplus;
pub(crate) use tanh::tanh;

use super::Isa;
use num_traits::Float;

/// What vector math needs to know of a scalar: its bits, and polynomials that fit its precision.
pub trait Real: Float + 'static {
    /// Added to a small number, it leaves the nearest integer in the lowest bits: `1.5 · 2^mantissa bits`.
    const ROUND: Self;
    /// Below this, `exp` is 0: nearly the least number with all digits.
    const EXP_LOW: Self;
    /// Above this, `exp` is ∞.
    const EXP_HIGH: Self;
    /// Below this, `exp` is less than half a unit in the last place of 1.
    const EXP_M1_LOW: Self;
    /// `1 / ln 2`.
    const LOG2_E: Self;
    /// `1 / √(2π)`.
    const FRAC_1_SQRT_TAU: Self;
    /// `ln 2`, with so few digits that its product with an exponent is exact.
    const LN_2_HIGH: Self;
    /// The rest of `ln 2`.
    const LN_2_LOW: Self;
    /// `(exp(r) - 1 - r) / r²` for `|r| ≤ ln 2 / 2`, lowest power first.
    const EXP: &'static [Self];
    /// `(atanh(s) / s - 1) / s²` in `s²` for `|s| ≤ 0.172`, lowest power first.
    const LN: &'static [Self];
    /// `1 / π`.
    const FRAC_1_PI: Self;
    /// `π` in four parts, the first three with so few digits that their products with thousands are exact.
    const PI: [Self; 4];
    /// `(sin(r) / r - 1) / r²` in `r²` for `|r| ≤ π / 2`, lowest power first.
    const SIN: &'static [Self];
    /// Above this, `tanh` is 1.
    const TANH_HIGH: Self;
    /// `(tanh(h) / h - 1) / h²` in `h²` for `|h| ≤ ln 2 / 4`, lowest power first.
    const TANH: &'static [Self];
    /// `exp(z² / 2) · Φ(-z) · (1 + z)` in `(z - NORMAL_CENTER) / (z + NORMAL_CENTER)` for `z ≤ NORMAL_HIGH`.
    const NORMAL: &'static [Self];
    /// See [`Real::NORMAL`].
    const NORMAL_CENTER: Self;
    /// Above this, `Φ(-z)` is 0.
    const NORMAL_HIGH: Self;

    /// A small constant.
    fn small(value: f32) -> Self;

    /// A power of two times `2^n`, from `n + ROUND`; the product must be in the range of exponents, `2^n` need not.
    fn times_power_of_two(self, rounded: Self) -> Self;

    /// With the other sign where `n` is odd, from `n + ROUND`.
    fn negated_if_odd(self, rounded: Self) -> Self;

    /// A positive number as `m · 2^e`, with `m` from √½ to √2.
    fn mantissa_and_exponent(self) -> [Self; 2];

    /// An index as the bits of a number, to be kept among numbers.
    fn of_index(index: u32) -> Self;

    /// That index.
    fn index(self) -> usize;
}

macro_rules! real {
    ($float:ident, $bits:ident, mantissa: $mantissa:literal, bias: $bias:literal, $($constants:tt)*) => {
        #[allow(clippy::excessive_precision)]
        impl Real for $float {
            const ROUND: Self = 1.5 * ((1 as $bits) << $mantissa) as $float;
            const LOG2_E: Self = core::$float::consts::LOG2_E;
            const FRAC_1_SQRT_TAU: Self = 0.398_942_280_401_432_677_94;
            const FRAC_1_PI: Self = core::$float::consts::FRAC_1_PI;
            $($constants)*

            #[inline(always)]
            fn small(value: f32) -> Self {
                value.into()
            }

            #[inline(always)]
            fn times_power_of_two(self, rounded: Self) -> Self {
                Self::from_bits((rounded.to_bits() << $mantissa).wrapping_add(self.to_bits()))
            }

            #[inline(always)]
            fn negated_if_odd(self, rounded: Self) -> Self {
                Self::from_bits(self.to_bits() ^ (rounded.to_bits() << ($bits::BITS - 1)))
            }

            #[inline(always)]
            fn mantissa_and_exponent(self) -> [Self; 2] {
                const ROOT: $bits = core::$float::consts::FRAC_1_SQRT_2.to_bits();
                // Subnormal numbers have no leading bit: they are scaled up first.
                let subnormal = self < Self::MIN_POSITIVE;
                let scaled = if subnormal { self * ((1 as $bits) << ($mantissa + 1)) as $float } else { self };
                let shift = if subnormal { ($mantissa + 1) as $float } else { 0.0 };
                let bits = scaled.to_bits().wrapping_add((1.0 as $float).to_bits() - ROOT);
                let mantissa = Self::from_bits((bits & ((1 << $mantissa) - 1)) + ROOT);
                // The exponent in the lowest bits of a large number, which is then taken away.
                let exponent = Self::from_bits(Self::ROUND.to_bits() | (bits >> $mantissa)) - Self::ROUND;
                [mantissa, exponent - $bias as $float - shift]
            }

            #[inline(always)]
            fn of_index(index: u32) -> Self {
                Self::from_bits(index.into())
            }

            #[inline(always)]
            fn index(self) -> usize {
                self.to_bits() as usize
            }
        }
    };
}

real! { f32, u32, mantissa: 23, bias: 127,
    const EXP_LOW: Self = -86.9;
    const EXP_HIGH: Self = 89.0;
    const EXP_M1_LOW: Self = -18.0;
    const LN_2_HIGH: Self = 0.693_359_375;
    const LN_2_LOW: Self = -2.121_944_4e-4;
    const EXP: &'static [Self] =
        &[0.500000001, 0.166666667, 0.0416664568, 0.00833331002, 0.00139345419, 0.000198919813];
    const LN: &'static [Self] = &[0.333333333, 0.200000628, 0.142751985, 0.116709717];
    const PI: [Self; 4] = [3.140625, 0.000_967_025_756_835_937_5, 6.277_114_152_908_325_195_3e-7, 1.215_420_101_301_238_520_3e-10];
    const SIN: &'static [Self] = &[-0.166666594918, 0.0083330646123, -0.000198094749924, 2.60548167552e-6];
    const TANH_HIGH: Self = 10.0;
    const TANH: &'static [Self] = &[-0.3333332269, 0.13331178992, -0.05272555785];
    const NORMAL: &'static [Self] = &[
        0.4720532068, -0.09670347774, 0.01399959750, 0.02860036336, -0.03219708064, 0.01793654172, -0.005007796943,
        -0.0002912140739, 0.0007100668996, -7.128397644e-5, -9.787171720e-5, -1.080716715e-5,
    ];
    const NORMAL_CENTER: Self = 4.0;
    const NORMAL_HIGH: Self = 15.0;
}

real! { f64, u64, mantissa: 52, bias: 1023,
    const EXP_LOW: Self = -708.0;
    const EXP_HIGH: Self = 710.0;
    const EXP_M1_LOW: Self = -38.0;
    const LN_2_HIGH: Self = 0.693_147_180_369_123_816_49;
    const LN_2_LOW: Self = 1.908_214_929_270_587_700_02e-10;
    const EXP: &'static [Self] = &[
        0.5, 0.166666666666666714, 0.0416666666666666701, 0.00833333333332554470, 0.00138888888888833267,
        0.000198412698768643549, 0.0000248015873270071867, 2.75572528335169097e-6, 2.75572718102197996e-7,
        2.51062747335732947e-8, 2.09154422977801152e-9,
    ];
    const LN: &'static [Self] = &[
        0.333333333333333332, 0.200000000000004706, 0.142857142853822251, 0.111111112002738786, 0.0909089735044889979,
        0.0769314526732949599, 0.0663370929823744170, 0.0655036069175174570,
    ];
    const PI: [Self; 4] = [
        3.141_592_651_605_606_079_101_562_5, 0.000_000_001_984_187_147_918_703_431_059_839_203_953_742_980_957,
        1.144_237_741_932_714_980_759_491_080_197_776_113_891e-17, 3.289_251_387_264_851_561_644_031_343_206_044_225_229e-26,
    ];
    const SIN: &'static [Self] = &[
        -0.16666666666666665552, 0.0083333333333331923134, -0.00019841269841208476927, 2.7557319211006615821e-6,
        -2.5052106860538352904e-8, 1.6058939075064786704e-10, -7.6429747164559597226e-13, 2.7209947731709007241e-15,
    ];
    const TANH_HIGH: Self = 20.0;
    const TANH: &'static [Self] = &[
        -0.33333333333332479009, 0.13333333332780278686, -0.053968252775754724428, 0.021869370233349373479,
        -0.0088572922586019483898, 0.0034446299229404083665,
    ];
    const NORMAL: &'static [Self] = &[
        0.4615158298500377758, -0.09155228183400892493, 0.03103036842596287502, 0.01000235238521769255,
        -0.02640104296626908704, 0.02453696324404530097, -0.01517041540322971993, 0.006522000662430744916,
        -0.001676072337946974978, 7.791641341976998987e-6, 0.0001823341103418735504, -0.00005360780470052095369,
        -9.895989995152605935e-6, 9.060568808225100391e-6, -7.052948597607197940e-8, -1.309106541786474463e-6,
        1.279680933635593378e-7, 1.987436322934069467e-7, -2.601805433351781114e-8, -3.331243041597221804e-8,
        3.034645853327137894e-9, 5.722431621160498882e-9, 2.159695254315167936e-10, -7.112244965276788178e-10,
        -1.610683123000945034e-10,
    ];
    const NORMAL_CENTER: Self = 5.0;
    const NORMAL_HIGH: Self = 39.0;
}

/// A polynomial with its lowest power first, by Horner's rule.
#[inline(always)]
fn polynomial<I: Isa, T: Real>(coefficients: &[T], x: T) -> T {
    let sum = coefficients.iter().rev().copied().reduce(|sum, coefficient| I::mul_add(sum, x, coefficient));
    sum.unwrap_or(T::zero())
}

/// `|x|`; NaN stays NaN.
#[inline(always)]
fn magnitude<T: Real>(x: T) -> T {
    if x < T::zero() { -x } else { x }
}
