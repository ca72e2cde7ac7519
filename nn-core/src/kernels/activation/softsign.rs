use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Softsign;

impl<T: Scalar> Function<T> for Softsign {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x / (T::one() + x.abs())
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        let rest = T::one() - value.abs();
        rest * rest
    }
}
