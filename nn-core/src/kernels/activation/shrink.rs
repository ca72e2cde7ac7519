use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Shrink;

impl<T: Scalar> Function<T> for Shrink {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let (threshold, offset) = (T::of(self.threshold), T::of(self.offset));
        let moved = if x > T::zero() { x - offset } else { x + offset };
        if x.abs() <= threshold { T::zero() } else { moved }
    }

    #[inline(always)]
    fn df<I: Isa>(self, x: T) -> T {
        if x.abs() <= T::of(self.threshold) { T::zero() } else { T::one() }
    }
}
