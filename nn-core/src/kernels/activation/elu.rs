use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Elu;

impl<T: Scalar> Function<T> for Elu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        if x < T::zero() { T::of(self.alpha) * math::exp_m1::<I, T>(x) } else { x }
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        if value > T::zero() { T::one() } else { value + T::of(self.alpha) }
    }
}
