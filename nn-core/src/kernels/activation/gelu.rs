use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Gelu;

impl<T: Scalar> Function<T> for Gelu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x * math::normal_cdf::<I, T>(x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        I::mul_add(x, math::normal_density::<I, T>(x), math::normal_cdf::<I, T>(x))
    }
}
