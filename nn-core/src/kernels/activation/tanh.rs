use super::Function;
use crate::Scalar;
use crate::simd::{Isa, math};
use crate::spec::Tanh;

impl<T: Scalar> Function<T> for Tanh {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        math::tanh::<I, T>(x)
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        I::mul_add(-value, value, T::one())
    }
}
