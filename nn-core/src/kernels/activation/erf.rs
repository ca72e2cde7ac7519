use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Erf;

/// The power series `2 / √π · Σ (-1)^k x^(2 k + 1) / (k! (2 k + 1))`: below ½ the next term is less than a rounding error. By
/// the normal distribution, which serves elsewhere, small results would lose digits.
const COEFFICIENTS: [f64; 12] = {
    let mut terms = [0.0; 12];
    let mut power = core::f64::consts::FRAC_2_SQRT_PI;
    let mut k = 0;
    while k < terms.len() {
        terms[k] = power / (2 * k + 1) as f64;
        k += 1;
        power = -power / k as f64;
    }
    terms
};

impl<T: Scalar> Function<T> for Erf {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let square = x * x;
        let near = COEFFICIENTS.iter().rev().fold(T::zero(), |sum, &term| I::mul_add(sum, square, T::of(term))) * x;
        let far = T::of(2.0) * math::normal_cdf::<I, T>(x * T::of(core::f64::consts::SQRT_2)) - T::one();
        if x.abs() < T::of(0.5) { near } else { far }
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        T::of(core::f64::consts::FRAC_2_SQRT_PI) * math::exp_of_negative::<I, T>(-x * x)
    }
}
