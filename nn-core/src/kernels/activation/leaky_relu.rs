use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::LeakyRelu;

impl<T: Scalar> Function<T> for LeakyRelu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        if x < T::zero() { T::of(self.slope) * x } else { x }
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        if value > T::zero() { T::one() } else { T::of(self.slope) }
    }
}
