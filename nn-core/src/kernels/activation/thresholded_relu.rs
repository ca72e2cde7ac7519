use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::ThresholdedRelu;

impl<T: Scalar> Function<T> for ThresholdedRelu {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        if x <= T::of(self.threshold) { T::zero() } else { x }
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        if value > T::zero() { T::one() } else { T::zero() }
    }
}
