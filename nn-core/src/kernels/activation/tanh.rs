use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Tanh;

impl<T: Scalar> Function<T> for Tanh {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x.tanh()
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        T::one() - value * value
    }
}
