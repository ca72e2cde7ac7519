use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Reciprocal;

impl<T: Scalar> Function<T> for Reciprocal {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        T::one() / x
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        -value * value
    }
}
