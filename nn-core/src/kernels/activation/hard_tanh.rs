use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::HardTanh;

impl<T: Scalar> Function<T> for HardTanh {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        // This way round NaN stays NaN.
        let x = if x < T::of(self.low) { T::of(self.low) } else { x };
        if x > T::of(self.high) { T::of(self.high) } else { x }
    }

    #[inline(always)]
    fn df<I: Isa>(self, value: T) -> T {
        if value > T::of(self.low) && value < T::of(self.high) { T::one() } else { T::zero() }
    }
}
