use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Relu;

impl<T: Scalar> Function<T> for Relu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        // This way round NaN stays NaN.
        if x < T::zero() { T::zero() } else { x }
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        if value > T::zero() { T::one() } else { T::zero() }
    }
}
