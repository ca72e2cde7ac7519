use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Sign;

impl<T: Scalar> Function<T> for Sign {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let sign = if x > T::zero() { T::one() } else { -T::one() };
        // Of 0 and of NaN, the argument itself.
        if x > T::zero() || x < T::zero() { sign } else { x }
    }

    #[inline(always)]
    fn df<I: Isa>(self, _value: T) -> T {
        T::zero()
    }
}
