use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Abs;

impl<T: Scalar> Function<T> for Abs {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x.abs()
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        if x > T::zero() {
            T::one()
        } else if x < T::zero() {
            -T::one()
        } else {
            T::zero()
        }
    }
}
