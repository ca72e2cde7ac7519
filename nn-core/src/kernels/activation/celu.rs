use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Celu;

impl<T: Scalar> Function<T> for Celu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let alpha = T::of(self.alpha);
        if x < T::zero() { alpha * math::exp_m1::<I, T>(x / alpha) } else { x }
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        if value > T::zero() { T::one() } else { value / T::of(self.alpha) + T::one() }
    }
}
