use super::Function;
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Round;

impl<T: Scalar> Function<T> for Round {
    #[inline(always)]
    fn f<I: Isa>(self, x: T) -> T {
        let distance = x - x.floor();
        let half = T::of(0.5);
        let is_even = (half * x.floor()).fract() == T::zero();
        if distance < half || (distance == half && is_even) { x.floor() } else { x.ceil() }
    }

    #[inline(always)]
    fn df<I: Isa>(self, _value: T) -> T {
        T::zero()
    }
}
