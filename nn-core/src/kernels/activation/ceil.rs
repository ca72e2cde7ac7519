use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Ceil;

impl<T: Scalar> Function<T> for Ceil {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x.ceil()
    }

    #[inline(always)]
    fn df<I: Isa>(self, _value: T) -> T {
        T::zero()
    }
}
