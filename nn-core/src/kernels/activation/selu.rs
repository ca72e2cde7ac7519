use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Selu;

/// The constants of Klambauer et al. (2017), by which mean 0 and variance 1 are a fixed point.
const SCALE: f64 = 1.050_700_987_355_480_5;
const ALPHA: f64 = 1.673_263_242_354_377_2;

impl<T: Scalar> Function<T> for Selu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let (scale, alpha) = (T::of(SCALE), T::of(ALPHA));
        if x < T::zero() { scale * alpha * math::exp_m1::<I, T>(x) } else { scale * x }
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        if value > T::zero() { T::of(SCALE) } else { value + T::of(SCALE * ALPHA) }
    }
}
