use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Square;

impl<T: Scalar> Function<T> for Square {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x * x
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        x + x
    }
}
