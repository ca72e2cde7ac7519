use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Silu;

impl<T: Scalar> Function<T> for Silu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        x / (T::one() + (-x).exp())
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        let sigmoid = (T::one() + (-x).exp()).recip();
        // 1 - sigmoid, without cancellation.
        let rest = (T::one() + x.exp()).recip();
        sigmoid * (T::one() + x * rest)
    }
}
