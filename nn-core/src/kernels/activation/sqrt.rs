use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Sqrt;

impl<T: Scalar> Function<T> for Sqrt {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x.sqrt()
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        T::of(0.5) / value
    }
}
