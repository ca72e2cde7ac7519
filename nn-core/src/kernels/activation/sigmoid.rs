use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Sigmoid;

impl<T: Scalar> Function<T> for Sigmoid {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        (T::one() + (-x).exp()).recip()
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        value * (T::one() - value)
    }
}
